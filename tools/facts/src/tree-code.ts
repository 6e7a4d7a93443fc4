import { FailureError } from '@slipway/model';

/** What a tree is known from is code of that tree, and runs while it is read. */
export interface TreeCode {
  /** None of it runs: the tree is known by conventions. */
  readonly conventionsOnly: boolean;
  /** Throws UNTRUSTED_TREE where the user wants to be asked before this runs, and did not say yes. */
  allow(root: string, path: string): void;
  /** Before git is asked of this tree. Throws GIT_PROGRAM or UNTRUSTED_TREE where its repository has git run something. */
  allowGit(root: string): void;
}

export const anyCode: TreeCode = { conventionsOnly: false, allow() {}, allowGit() {} };

/** Before a file of the tree runs. Throws BAD_USAGE where none may, and UNTRUSTED_TREE. */
export function allowRun(code: TreeCode | undefined, root: string, path: string): void {
  if (code?.conventionsOnly === true)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `--no-config runs nothing of the tree, and ${path} says what is wanted here`,
      hint: 'ask for something else, or leave --no-config out',
    });
  code?.allow(root, path);
}
