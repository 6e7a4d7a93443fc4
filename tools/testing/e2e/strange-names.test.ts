import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { goBuilds, WatchedRepo } from '../src/watched-repo.ts';
import { type Repo, repo } from '../src/repo-rig.ts';

/** Writes a file whose name is one byte that is not UTF-8, and an ending. */
function writeStrange(tree: Repo, directory: string, ending: string, text: string): void {
  mkdirSync(tree.path(directory), { recursive: true });
  const name = Buffer.concat([Buffer.from([0xff]), Buffer.from(ending)]);
  writeFileSync(Buffer.concat([Buffer.from(`${tree.path(directory)}/`), name]), text);
}

test('a Go file whose name is not UTF-8 is built each time, and what it holds is in the binary', async () => {
  await using tree = new WatchedRepo('plain').init('v1.2.3') as WatchedRepo;
  tree.write({ 'cmd/b/b.go': 'package main\n\nfunc main() { println(says) }\n' });
  for (const text of ['one', 'two', 'three']) {
    writeStrange(tree, 'cmd/b', '.go', `package main\n\nconst says = "${text}"\n`);
    expectDone(await tree.slipway(['b']));
    expect(tree.output('_output/bin/b')).toBe(text);
  }
  tree.calls();
  const { stdout } = await tree.slipway(['b', '--explain']);
  expect(stdout).toMatch(/^ran +build b .*\.go has a name that is not UTF-8/m);
  expect(goBuilds(tree.calls())).toHaveLength(1);
});

test('a release packs a file of the commit with any name, and refuses one that it would have to name itself', async () => {
  await using tree = repo('configured');
  writeStrange(tree, 'docs', '.md', 'text');
  tree.commit('a strange name', 'v1.2.4');
  const done = await tree.slipway(['quick-release', '--without-docker']);
  expectDone(done);
  expect(done.stdout).toMatch(/its name is not UTF-8/);
  const archive = tree.path('_output/release-tars/gated-src.tar.gz');
  expect(execFileSync('tar', ['-tzf', archive], { encoding: 'utf8', env: { ...tree.env, LC_ALL: 'C' } })).toMatch(
    'docs/\\377.md',
  );
  writeStrange(tree, 'manifests', '.yaml', 'text');
  expectFailure(await tree.slipway(['quick-release', '--without-docker']), 'BAD_NAME', {
    says: 'manifests/\uFFFD.yaml has a name that is not UTF-8',
    hint: 'rename it',
  });
});
