import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saidByGitIndex } from './git-index.ts';

test.each([
  ['2', 'sha1'],
  ['3', 'sha1'],
  ['4', 'sha1'],
  ['2', 'sha256'],
])(
  'an index of version %s with %s says the same after a look at the disk, and something else after an edit',
  (version, format) => {
    const root = mkdtempSync(join(tmpdir(), 'git-index-'));
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { stdio: 'pipe' });
    const path = join(root, '.git/index');
    const said = (): string => {
      const text = saidByGitIndex(path, readFileSync(path));
      expect(text).toBeDefined();
      return text!.toString('latin1');
    };
    execFileSync('git', ['init', '-q', `--object-format=${format}`, root]);
    for (const name of ['a', 'ab', 'abcdefg', 'dir-name', 'é', 'x'.repeat(70)]) writeFileSync(join(root, name), name);
    git('add', '.');
    git('update-index', `--index-version=${version}`);
    if (version === '3') git('update-index', '--skip-worktree', 'ab');
    git('commit', '-q', '-m', 'one');
    const before = said();
    const bytes = readFileSync(path);
    utimesSync(join(root, 'a'), 1_700_000_000, 1_700_000_000);
    git('update-index', '--untracked-cache');
    git('status');
    expect(readFileSync(path).equals(bytes)).toBe(false);
    expect(said()).toBe(before);
    writeFileSync(join(root, 'a'), 'b');
    git('add', 'a');
    expect(said()).not.toBe(before);
    git('reset', '-q', '--hard');
    expect(said()).toBe(before);
    git('update-index', '--chmod=+x', 'a');
    expect(said()).not.toBe(before);
    rmSync(root, { recursive: true });
  },
);

test('a file that is not an index gives no answer', () => {
  const path = '/tree/.git/index';
  const torn = Buffer.from('DIRC\0\0\0\u0002\0\0\0\u0005torn and much too short for five entries');
  for (const bytes of [Buffer.from('DIRC'), Buffer.alloc(100), torn])
    expect(saidByGitIndex(path, bytes)).toBeUndefined();
  expect(saidByGitIndex('/tree/index', torn)).toBeUndefined();
});
