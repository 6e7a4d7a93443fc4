import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { moduleFiles } from './module-files.ts';
import { configFile, otherFiles } from './other-files.ts';
import { packageFiles } from './package-files.ts';
import { planSyntheticTree } from './plan-synthetic-tree.ts';
import type { SyntheticFile } from './synthetic-file.ts';
import type { SyntheticTree, SyntheticTreeOptions } from './synthetic-tree.ts';

export interface WriteOptions extends SyntheticTreeOptions {
  /** Whether a slipway.config.ts tells the sets, or the tree is left to conventions. Default true. */
  readonly config?: boolean;
  /** Whether the tree is a git repository with one commit, tagged v1.0.0. Default false. */
  readonly git?: boolean;
}

/**
 * Writes a Go monorepo of Kubernetes' shape into a directory that is empty or does not exist. It needs nothing but Go 1.21
 * or newer: what it requires is vendored, and made up too.
 */
export function writeSyntheticTree(
  dir: string,
  { config = true, git = false, ...options }: WriteOptions = {},
): SyntheticTree {
  const tree = planSyntheticTree(options);
  const made = new Set<string>();
  for (const file of [...syntheticFiles(tree), ...(config ? [configFile()] : [])]) {
    const path = join(dir, file.path);
    const parent = dirname(path);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    if ('link' in file) symlinkSync(file.link, path);
    else writeFileSync(path, file.text);
  }
  if (git) commit(dir);
  return tree;
}

/** All files but the configuration, without a disk. */
export function* syntheticFiles(tree: SyntheticTree): Iterable<SyntheticFile> {
  yield* moduleFiles(tree);
  yield* packageFiles(tree);
  yield* otherFiles(tree);
}

/** Always the same commit for the same tree, whoever makes it. */
function commit(dir: string): void {
  const who = { NAME: 'Nobody', EMAIL: 'nobody@vendored.example', DATE: '2024-01-01T00:00:00Z' };
  const identity = Object.fromEntries(
    Object.entries(who).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]),
  );
  const env = {
    PATH: process.env['PATH'],
    HOME: dir,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    ...identity,
  };
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['-c', 'gc.auto=0', 'commit', '-q', '-m', 'A tree that was made up'],
    ['tag', 'v1.0.0'],
  ]) {
    const { status, stderr, error } = spawnSync('git', args, { cwd: dir, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args[0]}: ${error?.message ?? stderr}`);
  }
}
