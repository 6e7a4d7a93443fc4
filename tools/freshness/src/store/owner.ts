import type { Stats } from 'node:fs';

/** Files of another user in the store count as missing. */
export const isOwn = ({ uid }: Pick<Stats, 'uid'>): boolean => uid === (process.geteuid?.() ?? uid);
