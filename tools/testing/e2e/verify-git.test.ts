import { rmSync, symlinkSync, utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CheckedRepo } from '../src/checked-repo.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';

const scripts = {
  'go.mod': 'module c.example\n\ngo 1.24\n',
  'sub/plain.txt': 'plain\n',
  'hack/verify-clean.sh': '#!/bin/bash\ntest -z "$(git status --porcelain)"\n',
  'hack/verify-link.sh': '#!/bin/bash\n! readlink sub/plain.txt >/dev/null\n',
};

test(
  'the index of git is no input: a refreshed index and another worktree run no check again, a changed file does',
  unless(whyWithout('strace')),
  async () => {
    await using tree = new CheckedRepo(scripts);
    tree.git('add', '.');
    tree.git('commit', '-q', '-m', 'scripts', '--allow-empty');
    tree.git('update-index', '--untracked-cache', '--force-untracked-cache');
    tree.git('config', 'core.untrackedCache', 'true');
    for (let i = 0; i < 3; i++) tree.git('status', '--porcelain');
    const first = await tree.check();
    expect([first.ran, first.failed], first.stdout + first.stderr).toEqual([['clean', 'link'], []]);
    utimesSync(tree.path('sub/plain.txt'), 1_700_000_000, 1_700_000_000);
    tree.git('status', '--porcelain');
    const again = await tree.check();
    expect.soft(again.ran, JSON.stringify(again.checks)).toEqual([]);
    tree.git('worktree', 'add', '-q', '--detach', '../other-worktree');
    tree.git('worktree', 'remove', '--force', '../other-worktree');
    tree.git('worktree', 'prune');
    const pruned = await tree.check();
    expect.soft(pruned.ran, JSON.stringify(pruned.checks)).toEqual([]);
    tree.write({ 'sub/new.txt': 'nobody tracks it\n' });
    expect.soft((await tree.check()).failed).toEqual(['clean']);
    rmSync(tree.path('sub/new.txt'));
    rmSync(tree.path('sub/plain.txt'));
    symlinkSync('../go.mod', tree.path('sub/plain.txt'));
    expect.soft((await tree.check()).failed).toEqual(['clean', 'link']);
  },
);
