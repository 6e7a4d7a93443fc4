import { existsSync, utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { Repo, repo } from '../src/repo-rig.ts';

/** A program that leaves a mark and passes its input on. */
function marking(tree: Repo): { readonly mark: string; readonly program: string } {
  const [mark, program] = [tree.path('../was-run'), tree.path('../program')];
  tree.write({ '../program': `#!/bin/sh\ntouch '${mark}'\nexec cat\n` });
  return { mark, program };
}

/** All our calls of git, including a source tarball and a build that Go stamps. */
const asked = [
  ['-n', 'all', '--profile', 'release'],
  ['affected', '--base', 'v1.2.3'],
  ['release', 'notes', 'v1.2.3', 'HEAD'],
  ['all', '--profile', 'make', 'GOFLAGS=-buildvcs=true'],
  ['package-tarballs', '--without-docker'],
];

/** An index that makes git read a file, because its stat differs. */
function touched(tree: Repo): void {
  utimesSync(tree.path('cmd/a/a.go'), 1, 1);
}

/** A commit with a signature that nobody checked. */
function sign(tree: Repo): void {
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----';
  const text = tree.git('cat-file', 'commit', tree.commit('fix: b').git('rev-parse', 'HEAD'));
  tree.write({ '../signed': `${text.replace(/^(committer .*)$/m, `$1\n${signature}`)}\n` });
  tree.git('reset', '--quiet', tree.git('hash-object', '-t', 'commit', '-w', tree.path('../signed')));
}

test.each(['core.fsmonitor', 'core.hooksPath', 'gpg.program'])(
  'git does not run the program that %s of a repository names when slipway calls it',
  async (name) => {
    await using tree = repo('plain');
    const { mark, program } = marking(tree);
    tree.write({ '../post-index-change': tree.read('../program') });
    sign(tree);
    tree.git('config', 'log.showSignature', 'true');
    tree.git('config', name, name === 'core.hooksPath' ? tree.path('..') : program);
    for (const words of asked.slice(0, 3)) {
      touched(tree);
      await tree.slipway(words);
      expect(existsSync(mark), words.join(' ')).toBe(false);
    }
  },
);

const named = [
  ['filter.own.clean', '* filter=own'],
  ['filter.own.smudge', '* filter=own'],
  ['filter.own.process', '* filter=own'],
  ['core.fsmonitor', ''],
  ['gpg.program', 'cmd/a/a.go export-subst'],
  ['gpg.ssh.program', ''],
] as const;

test.each(named)('--no-config refuses a repository that names a program as %s', async (name, attributes) => {
  await using tree = repo('plain');
  const { mark, program } = marking(tree);
  tree.write({ '.gitattributes': attributes }).commit('attributes');
  tree.git('config', name, program);
  for (const words of asked) {
    touched(tree);
    const ended = await tree.slipway(['--no-config', ...words]);
    expect(existsSync(mark), words.join(' ')).toBe(false);
    expectFailure(ended, 'GIT_PROGRAM', { says: name });
  }
  const ended = await tree.slipway(['--no-config', '-n', 'all']);
  const hint = /then (git config .*?), or/.exec(ended.stderr)![1]!;
  tree.git(...hint.replaceAll("'", '').split(' ').slice(1));
  expectDone(await tree.slipway(['--no-config', '-n', 'all']));
});

test('a submodule, an included file and a worktree name programs as well', async () => {
  await using tree = repo('plain');
  await using other = new Repo('empty', 'other').init();
  const { program } = marking(tree);
  other.write({ a: 'a', '.gitattributes': '* filter=own' }).commit('a');
  tree.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.dir, 'sub');
  tree.commit('a submodule');
  const no = async (): Promise<void> =>
    expectFailure(await tree.slipway(['--no-config', '-n', 'all']), 'GIT_PROGRAM', { says: /filter\.own\.clean/ });
  expectDone(await tree.slipway(['--no-config', '-n', 'all']));
  tree.git('-C', 'sub', 'config', 'filter.own.clean', program);
  await no();
  tree.git('-C', 'sub', 'config', '--unset', 'filter.own.clean');
  tree.write({ '../included': `[filter "own"]\n\tclean = ${program}\n` });
  tree.git('config', 'include.path', tree.path('../included'));
  await no();
  tree.git('config', '--unset', 'include.path');
  tree.git('config', 'extensions.worktreeConfig', 'true');
  tree.git('config', '--worktree', 'filter.own.clean', program);
  await no();
});

test('git runs programs that the user names, and those of a tree that the user trusts', async () => {
  await using tree = repo('plain');
  const { mark, program } = marking(tree);
  tree.write({ '.gitattributes': '* filter=own' }).commit('attributes');
  tree.git('config', '--global', 'filter.own.clean', program);
  touched(tree);
  expectDone(await tree.slipway(['--no-config', '-n', 'all', '--profile', 'release']));
  expect(existsSync(mark)).toBe(true);
});

test("a user with SLIPWAY_TRUST=ask is asked about git's programs, and again when they change", async () => {
  await using tree = repo('plain');
  const { mark, program } = marking(tree);
  const env = { SLIPWAY_TRUST: 'ask' };
  tree.write({ '.gitattributes': '* filter=own' }).commit('attributes');
  expectDone(await tree.slipway(['-n', 'all', '--profile', 'release'], { env }));
  tree.git('config', 'filter.own.clean', program);
  touched(tree);
  const ended = await tree.slipway(['-n', 'all', '--profile', 'release'], { env });
  expectFailure(ended, 'UNTRUSTED_TREE', { says: /filter\.own\.clean/ });
  expect(existsSync(mark)).toBe(false);
  expectDone(await tree.slipway(['trust'], { env }));
  expectDone(await tree.slipway(['-n', 'all', '--profile', 'release'], { env }));
  expect(existsSync(mark)).toBe(true);
  tree.git('config', 'filter.own.clean', `${program} again`);
  expectFailure(await tree.slipway(['-n', 'all'], { env }), 'UNTRUSTED_TREE');
});
