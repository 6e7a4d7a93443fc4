import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Check } from './check.ts';
import { findGo } from './go-command.ts';

/** Go files of components/ and staging/ are as gofmt writes them. */
export const gofmt: Check = (tree) => {
  const files = tree.list().filter((path) => /^(?:components|staging)\/.*\.go$/.test(path));
  if (files.length === 0) return;
  const { gofmt: command } = findGo();
  const run = (args: readonly string[]): string =>
    execFileSync(command, args, { cwd: tree.root, encoding: 'utf8', maxBuffer: 1 << 26 });
  const different = run(['-l', ...files])
    .split('\n')
    .filter((path) => path !== '');
  for (const path of different) tree.write(path, run([join(tree.root, path)]));
};
