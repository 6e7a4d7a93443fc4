import { fileURLToPath } from 'node:url';

/** The program that runs slipway's own checks of trees. */
export const checkProgram = (): readonly string[] => [
  fileURLToPath(new URL('./check-tree.ts', import.meta.url)),
  process.argv[1]!,
];
