/**
 * Reports whether a name contained invalid UTF-8 before Node decoded it. A name that contains U+FFFD itself also
 * counts.
 */
export const isLostName = (path: string): boolean => path.includes('\uFFFD');
