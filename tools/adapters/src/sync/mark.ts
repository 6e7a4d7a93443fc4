import { dirname } from 'node:path/posix';

/** The mark of a generation, beside the directory it is about: gone with the volume. Written after each sync. */
export const markOf = (to: string, generation: string): string => `${dirname(to)}/.synced-${generation}`;
