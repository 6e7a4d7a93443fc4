import { FailureError } from '@slipway/model';

/** Decides whether code of a tree may run while slipway reads the tree. */
export interface TreeCode {
  /** No code may run: slipway uses conventions. */
  readonly conventionsOnly: boolean;
  /** Throws UNTRUSTED_TREE if the user wants to be asked and has not approved this tree. */
  allow(root: string, path: string): void;
  /**
   * Called before git runs in this tree. Throws GIT_PROGRAM or UNTRUSTED_TREE if its repository makes git run programs.
   */
  allowGit(root: string): void;
}

export const anyCode: TreeCode = { conventionsOnly: false, allow() {}, allowGit() {} };

/** Called before a file of the tree runs. Throws BAD_USAGE if none may, and UNTRUSTED_TREE. */
export function allowRun(code: TreeCode | undefined, root: string, path: string): void {
  if (code?.conventionsOnly === true)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `--no-config runs nothing of the tree, and ${path} says what is wanted here`,
      hint: 'ask for something else, or leave --no-config out',
    });
  code?.allow(root, path);
}
