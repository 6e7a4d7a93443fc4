/** Whether a name was not UTF-8 before it became text. A name that has this sign itself is taken for one as well. */
export const isLostName = (path: string): boolean => path.includes('\uFFFD');
