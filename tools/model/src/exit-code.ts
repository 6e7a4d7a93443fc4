/** Exit codes of the process. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  toolMissing: 3,
  verification: 4,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCodeName = keyof typeof exitCodes;
