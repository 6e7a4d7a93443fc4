import { dirname } from 'node:path/posix';

/**
 * The mark of a generation, beside its directory. It disappears with the volume. Each sync that changes something
 * writes it.
 */
export const markOf = (to: string, generation: string): string => `${dirname(to)}/.synced-${generation}`;
