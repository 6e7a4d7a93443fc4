import type { Stats } from 'node:fs';

/** What another user put into the store is not there. */
export const isOwn = ({ uid }: Pick<Stats, 'uid'>): boolean => uid === (process.geteuid?.() ?? uid);
