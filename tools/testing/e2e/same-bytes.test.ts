import { chmodSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBinary } from '@slipway/adapters';
import { hostPlatform } from '@slipway/facts';
import type { Event } from '@slipway/model';
import { expectDone } from '../src/expect-failure.ts';
import { leftovers, listing, stampOf } from '../src/listing.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { repo } from '../src/repo-rig.ts';

describe('the same bytes', () => {
  test('release: from two directories, with caches of their own', async () => {
    await using one = repo('plain');
    await using two = repo('plain', 'elsewhere/with another name');
    expectDone(await one.slipway(['all', '--profile', 'release']));
    expectDone(await two.slipway(['all', '--profile', 'release'], { env: { GOCACHE: two.path('../go-build') } }));
    for (const name of ['a', 'b']) {
      expect(
        readFileSync(two.path(two.published(name))).equals(readFileSync(one.path(one.published(name)))),
        name,
      ).toBe(true);
    }
    expect(one.output('_output/bin/a')).toBe(
      `hello from a v1.2.3 ${one.git('rev-parse', 'HEAD')} clean 2024-01-02T03:04:05Z`,
    );
  });

  test('dev: a commit that touches no Go file does not change the binaries, in a dirty tree too', async () => {
    await using tree = repo('plain');
    expectDone(await tree.slipway(['all']));
    const before = ['a', 'b'].map((name) => stampOf(tree.path(tree.published(name))));
    tree.write({ 'README.md': 'More to read.\n' }).commit('words');
    tree.write({ 'notes.txt': 'Not committed.\n' });
    expectDone(await tree.slipway(['all']));
    expect(['a', 'b'].map((name) => stampOf(tree.path(tree.published(name))))).toEqual(before);
    tree.git('tag', 'v1.3.0');
    expectDone(await tree.slipway(['all']));
    expect(tree.output('_output/bin/a')).toMatch('hello from a v1.3.0-dev');
  });

  test(
    "make: the bytes of the tree's own make, without cgo, with it, and for tests",
    unless(whyWithout('make', 'gcc')),
    async () => {
      await using tree = repo('vendored');
      const told = await tree.slipway(['-n', 'compare', '--with', 'make', 'SOURCE_DATE_EPOCH=1700000000']);
      expect(told.stdout).toMatch(/^plan all [\s\S]*then make all SOURCE_DATE_EPOCH=1700000000/);
      expect(existsSync(tree.path('_output'))).toBe(false);
      const compared = await tree.slipway(['compare', '--with', 'make', 'SOURCE_DATE_EPOCH=1700000000']);
      expect(compared.exit, compared.stdout + compared.stderr).toBe(0);
      expect(compared.stdout).toMatch('all 4 files are identical');
      const { goBuildInfo } = await readBinary(tree.path('_output/compare/slipway/bin', hostPlatform(), 'kubectl'));
      expect(JSON.stringify(goBuildInfo)).toContain('2023-11-14T22:13:20Z');
    },
  );
});

test('slipway repairs a damaged output, wherever it was damaged', async () => {
  await using tree = repo('plain');
  expectDone(await tree.slipway(['all']));
  const published = tree.path(tree.published('a'));
  const good = readFileSync(published);
  const damages: Readonly<Record<string, () => void>> = {
    'the published file is cut off': () => truncateSync(published, 1000),
    "Go's file is something else": () => writeFileSync(tree.path('_output/local/go/bin/a'), 'something else'),
    'both are cut off': () => {
      truncateSync(published, 1000);
      truncateSync(tree.path('_output/local/go/bin/a'), 1000);
    },
    'it may not be run': () => chmodSync(published, 0o644),
    'the link is gone': () => rmSync(tree.path('_output/bin')),
    'all is gone': () => rmSync(tree.path('_output'), { recursive: true }),
  };
  for (const [what, damage] of Object.entries(damages)) {
    damage();
    expectDone(await tree.slipway(['all']));
    expect(readFileSync(published).equals(good), what).toBe(true);
    expect(tree.output('_output/bin/a'), what).toMatch('hello from a v1.2.3-dev');
    expect(leftovers(tree.path('_output')), what).toEqual([]);
  }
});

describe('a dry run', () => {
  test('writes nothing, in the tree or at home, with an empty cache', async () => {
    for (const fixture of ['plain', 'vendored'] as const) {
      await using tree = repo(fixture);
      const env = { XDG_CACHE_HOME: undefined, GOCACHE: undefined, TMPDIR: tree.path('../home') };
      const before = listing(tree.base);
      const { stdout, ...ended } = await tree.slipway(
        ['-n', 'cross', 'clean', 'vet', '--profile', 'make', 'KUBE_BUILD_PLATFORMS=linux/amd64 windows/amd64'],
        { env },
      );
      expect({ stdout, ...ended }).toMatchObject({ exit: 0, stderr: '' });
      expect(stdout).toContain('GOOS=windows');
      expect(listing(tree.base)).toEqual(before);
    }
  });

  test('prints commands that do what the run does', async () => {
    await using tree = repo('plain');
    const plan = JSON.parse((await tree.slipway(['-n', '--json', 'all'])).stdout) as {
      steps: { id: string; outputs: string[] }[];
    };
    const { stdout } = await tree.slipway(['--json', 'all']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    const finished = events.flatMap((event) => (event.kind === 'step-finished' ? [event] : []));
    expect(finished.map(({ step }) => step.id).sort()).toEqual(plan.steps.map(({ id }) => id).sort());
    for (const path of plan.steps.flatMap(({ outputs }) => outputs))
      expect(() => stampOf(tree.path(path))).not.toThrow();
    expect(events[0]).toMatchObject({ kind: 'run-started', plan });
    expect(events.at(-1)).toMatchObject({ kind: 'run-finished', ok: true });
  });
});

test('--json reports a failure in the same stream', async () => {
  await using tree = repo('plain');
  writeFileSync(tree.path('cmd/b/b.go'), 'package main\n\nfunc main() { nothing() }\n');
  const { exit, stdout, stderr } = await tree.slipway(['--json', 'all']);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  expect({ exit, stderr }).toEqual({ exit: 1, stderr: '' });
  expect(lines.at(-1)).toMatchObject({
    kind: 'failed',
    failures: [{ code: 'COMMAND_FAILED', hint: expect.any(String) }],
  });
  expect(
    lines.find((line) => line.kind === 'step-finished' && JSON.stringify(line).includes('undefined: nothing')),
  ).toBeDefined();
});
