import { existsSync, readFileSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { Repo, repo } from '../src/repo-rig.ts';
import { slipwayInShell } from '../src/slipway-process.ts';

/** As git hands them to a hook, of a repository that is not the tree's. */
const pointingTo = (other: Repo): Record<string, string> => ({
  GIT_DIR: other.path('.git'),
  GIT_WORK_TREE: other.dir,
  GIT_INDEX_FILE: other.path('.git/index'),
  GIT_OBJECT_DIRECTORY: other.path('.git/objects'),
  GIT_COMMON_DIR: other.path('.git'),
});

test('variables that name another repository change no stamp, no list and no notes', async () => {
  await using tree = repo('plain');
  await using other = new Repo('plain').init('v9.9.9');
  const env = pointingTo(other);
  for (const words of [
    ['-n', 'all', '--profile', 'release'],
    ['-n', 'all'],
    ['version', '--json'],
    ['affected', '--base', 'v1.2.3'],
    ['release', 'notes', 'v1.2.3', 'HEAD'],
  ]) {
    const alone = await tree.slipway(words);
    const beside = await tree.slipway(words, { env });
    expectDone(alone);
    expectDone(beside);
    expect(beside.stdout, words.join(' ')).toBe(alone.stdout);
  }
  expectDone(await tree.slipway(['all', '--profile', 'make', 'GOFLAGS=-buildvcs=true'], { env }));
  const built = readFileSync(tree.path('_output/bin/a'), 'latin1');
  expect(built).toContain(`vcs.revision=${tree.git('rev-parse', 'HEAD').trim()}`);
});

test('a hook of the tree builds the tree, also in the middle of a commit of some files', async () => {
  await using tree = repo('plain');
  tree.write({
    '.git/hooks/pre-commit': `#!/bin/sh\nexec ${slipwayInShell()} all --profile release >'${tree.dir}/../said' 2>&1\n`,
  });
  tree.write({ 'README.md': 'changed', 'cmd/a/more.go': 'package main\n' });
  tree.git('add', '.');
  tree.git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-m', 'part of it', 'README.md');
  expect(tree.read('../said')).toMatch(/^slipway all v1\.2\.3-dirty \(profile release\)\n[^]*done in /);
  expect(existsSync(tree.path('_output/bin/a'))).toBe(true);
});

test('a tree without a repository is not stamped from GIT_DIR, and that is an error', async () => {
  await using tree = repo('plain');
  await using other = new Repo('plain').init('v9.9.9');
  rmSync(tree.path('.git'), { recursive: true });
  const ended = await tree.slipway(['-n', 'all'], { env: { GIT_DIR: other.path('.git') } });
  expectFailure(ended, 'GO_SETTING');
  expect(ended.stderr).toContain('unset GIT_DIR');
  expectDone(await tree.slipway(['-n', 'all']));
});
