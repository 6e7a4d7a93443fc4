import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { realCommandRunner } from '@slipway/adapters/command-runner';
import type { TreeCheckName } from '@slipway/catalog';
import { type CheckedTree, type TreeCheckFacts, checksOfTrees } from '@slipway/inspect/tree-checks';
import type { Environment } from '@slipway/model';
import { standardOutput } from '../report/printer.ts';

// A separate program, so that slipway's own checks run like scripts of a tree: in a view of the tree where slipway
// observes their reads.
//
//     node check-tree.ts PROGRAM FACTS, in the root of the tree

/** Directories with foreign or generated files. */
const others = /^(?:[._].*|vendor|third_party|node_modules|testdata)$/;

const [program, text = '{}'] = process.argv.slice(2);
const { check, ...facts } = JSON.parse(text) as TreeCheckFacts & { check: TreeCheckName };
const problems = await checksOfTrees[check](openCheckedTree(process.cwd(), facts));
for (const { path, line, what } of problems)
  standardOutput.write(`${path === '.' ? '' : `${path}${line === undefined ? '' : `:${line}`}: `}${what}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function openCheckedTree(root: string, about: TreeCheckFacts): CheckedTree {
  const runner = realCommandRunner();
  const environment = process.env as Environment;
  const read = (path: string): string | undefined => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch {
      return undefined;
    }
  };
  const run: CheckedTree['run'] = (argv, { in: dir = '.', env = {} } = {}) =>
    runner.run({ argv, cwd: join(root, dir), env: { ...environment, PWD: join(root, dir), ...env } });
  const isLeftOut = leftOut(read('.gitignore') ?? '');
  return {
    ...about,
    root,
    read,
    run,
    exists: (path) => lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined,
    files: (name) => filesBelow(root, isLeftOut).filter((path) => name.test(path.split('/').at(-1)!)),
    slipway: (...words) => run([process.execPath, program!, ...words]),
  };
}

/** Ignored by a line `dir/` or `/dir/`. */
function leftOut(gitignore: string): (path: string) => boolean {
  const lines = gitignore.split('\n').map((line) => /^(\/?)([\w.][\w./-]*)\/\s*$/.exec(line));
  const anywhere = new Set(
    lines.flatMap((found) => (found?.[1] === '' && !found[2]!.includes('/') ? [found[2]!] : [])),
  );
  const below = new Set(lines.flatMap((found) => found?.[2] ?? []));
  return (path) => {
    const name = path.split('/').at(-1)!;
    return others.test(name) || anywhere.has(name) || below.has(path);
  };
}

/** Skips links: their files belong elsewhere. */
function filesBelow(root: string, isLeftOut: (path: string) => boolean, at = ''): string[] {
  return readdirSync(join(root, at), { withFileTypes: true })
    .flatMap((entry) => {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) return isLeftOut(path) ? [] : filesBelow(root, isLeftOut, path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}
