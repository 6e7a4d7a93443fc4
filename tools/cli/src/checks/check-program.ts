import { fileURLToPath } from 'node:url';

/** What does our own checks of trees, and the program it calls. */
export const checkProgram = (): readonly string[] => [
  fileURLToPath(new URL('./check-tree.ts', import.meta.url)),
  process.argv[1]!,
];
