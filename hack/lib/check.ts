import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { scriptArguments } from './arguments.ts';
import { openTree, type Tree } from './tree.ts';

/** Corrects what it can by writing to the tree; throws `Problems` for the rest, which a person must correct. */
export type Check = (tree: Tree) => void | Promise<void>;

export interface Problem {
  readonly path: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly what: string;
}

/** Problems that a check found and cannot correct. */
export class Problems extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ path, line, what }) => `${path}${line === undefined ? '' : `:${line}`}: ${what}`).join('\n'));
    this.name = 'Problems';
    this.problems = problems;
  }

  static throwIfAny(problems: readonly Problem[]): void {
    if (problems.length > 0) throw new Problems(problems);
  }
}

export const repositoryRoot: string = join(import.meta.dirname, '..', '..');

/** Runs an update on a virtual tree, and fails if it changes anything. */
export async function verify(check: Check): Promise<void> {
  takeNoArguments();
  const tree = openTree(repositoryRoot);
  await passes(check, tree);
  for (const path of tree.changes()) {
    console.error(`${path}: not up to date`);
    process.exitCode = 1;
  }
}

export async function update(check: Check): Promise<void> {
  takeNoArguments();
  const tree = openTree(repositoryRoot);
  await passes(check, tree);
  for (const path of tree.changes()) console.log(`wrote ${path}`);
  tree.flush();
}

const takeNoArguments = (): void => void scriptArguments(`node hack/${basename(process.argv[1] ?? '')}`, {}, 0);

/** The command that corrects the findings of `hack/verify-<name>.ts`. */
export function remedy(verifyScript: string): string {
  const script = basename(verifyScript).replace('verify-', 'update-');
  return existsSync(join(repositoryRoot, 'hack', script))
    ? `node hack/${script}`
    : 'mend the places named above by hand';
}

async function passes(check: Check, tree: Tree): Promise<void> {
  try {
    await check(tree);
  } catch (error) {
    if (!(error instanceof Problems)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
