import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectDone } from '../src/expect-failure.ts';
import { WatchedRepo, goBuilds } from '../src/watched-repo.ts';

/** The byte in the middle is another one. */
function changed(path: string): Buffer {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  return bytes;
}

/** The content is another, and size and time of modification are as they were, to the last digit. */
function keepingTimes(path: string, change: () => void): void {
  writeFileSync(`${path}.time`, '');
  execFileSync('touch', ['-r', path, `${path}.time`]);
  change();
  execFileSync('touch', ['-r', `${path}.time`, path]);
  rmSync(`${path}.time`);
}

/** What a user, a script or a disk may do to an output. */
const damages: Readonly<Record<string, (path: string) => void>> = {
  deleted: (path) => rmSync(path),
  emptied: (path) => truncateSync(path),
  'cut in half': (path) => truncateSync(path, statSync(path).size >> 1),
  'appended to': (path) => appendFileSync(path, 'x'),
  'written into': (path) => writeFileSync(path, changed(path)),
  'written into, its time set back': (path) => keepingTimes(path, () => writeFileSync(path, changed(path))),
  'replaced by a file of the same size and time': (path) =>
    keepingTimes(path, () => {
      writeFileSync(`${path}.new`, changed(path), { mode: 0o755 });
      renameSync(`${path}.new`, path);
    }),
  'no longer executable': (path) => chmodSync(path, 0o644),
  touched: (path) => utimesSync(path, 1_000_000_000, 1_000_000_000),
};

const places = { published: '_output/local/bin', "Go's own": '_output/local/go/bin' } as const;

describe('an output is right again, whatever happened to it', () => {
  const cases = Object.keys(places) as (keyof typeof places)[];

  test.for(cases)('%s: from the store, without Go', async (place) => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    const paths = { published: tree.path(tree.published('b')), "Go's own": tree.path(places["Go's own"], 'b') };
    const right = readFileSync(paths.published);
    for (const [damage, harm] of Object.entries(damages)) {
      harm(paths[place]);
      const again = await tree.slipway(['all']);
      expect({ damage, exit: again.exit, stderr: again.stderr }).toEqual({ damage, exit: 0, stderr: '' });
      for (const path of Object.values(paths)) {
        expect(readFileSync(path).equals(right), `${path} was ${damage}`).toBe(true);
        expect(statSync(path).mode & 0o777, `${path} was ${damage}`).toBe(0o755);
      }
      expect(goBuilds(tree.calls()), damage).toEqual([]);
      expect((await tree.slipway(['all'])).stdout, damage).toMatch('nothing changed');
    }
  });

  test.for(cases)('%s, after both came from the store and may be one file', async (place) => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    const paths = { published: tree.path(tree.published('b')), "Go's own": tree.path(places["Go's own"], 'b') };
    const right = readFileSync(paths.published);
    for (const [damage, harm] of Object.entries(damages)) {
      for (const path of Object.values(paths)) rmSync(path);
      expectDone(await tree.slipway(['all']));
      expect(statSync(paths.published).ino, damage).toBe(statSync(paths["Go's own"]).ino);
      harm(paths[place]);
      expectDone(await tree.slipway(['all']));
      for (const path of Object.values(paths)) {
        expect(readFileSync(path).equals(right), `${path} was ${damage}`).toBe(true);
        expect(statSync(path).mode & 0o777, `${path} was ${damage}`).toBe(0o755);
      }
      expect(goBuilds(tree.calls()), damage).toEqual([]);
      expect((await tree.slipway(['all'])).stdout, damage).toMatch('nothing changed');
    }
  });

  test('one that came from the store stays untouched where Go makes the same bytes', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    const [published, own] = [tree.path(tree.published('a')), tree.path(places["Go's own"], 'a')];
    for (const path of [published, own]) rmSync(path);
    expectDone(await tree.slipway(['all']));
    const before = statSync(published);
    expect(before.nlink).toBe(2);
    appendFileSync(tree.path('pkg/version/version.go'), '// A comment at the end moves nothing.\n');
    const again = await tree.build();
    expectDone(again);
    expect(goBuilds(again.calls)).toHaveLength(1);
    const { ino, mtimeMs, nlink } = statSync(published);
    expect({ ino, mtimeMs, nlink }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs, nlink: 1 });
    expect((await tree.slipway(['all'])).stdout).toMatch('nothing changed');
  });

  // Go takes a file for finished when its first bytes say so.
  test("Go's own, with nothing in the store: Go links it again", async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    const [published, own] = [tree.path(tree.published('b')), tree.path(places["Go's own"], 'b')];
    const right = readFileSync(published);
    for (const [damage, harm] of Object.entries(damages)) {
      rmSync(tree.store, { recursive: true });
      harm(own);
      const again = await tree.build();
      expect({ damage, exit: again.exit, stderr: again.stderr }).toEqual({ damage, exit: 0, stderr: '' });
      expect(
        [published, own].map((path) => readFileSync(path).equals(right)),
        damage,
      ).toEqual([true, true]);
      // And what is kept of it is right.
      for (const path of [published, own]) rmSync(path);
      expectDone(await tree.build());
      expect(
        [published, own].map((path) => readFileSync(path).equals(right)),
        damage,
      ).toEqual([true, true]);
    }
  });

  test('-B makes what is wrong again, too', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    const own = tree.path(places["Go's own"], 'b');
    const right = readFileSync(own);
    writeFileSync(own, changed(own));
    expectDone(await tree.build(['all', '-B']));
    expect(readFileSync(own).equals(right)).toBe(true);
    expect(readFileSync(tree.path(tree.published('b'))).equals(right)).toBe(true);
  });
});

describe('what a user writes into an output', () => {
  test('never reaches the store', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    const paths = [tree.path(tree.published('b')), tree.path(places["Go's own"], 'b')];
    const right = readFileSync(paths[0]!);
    for (let round = 0; round < 2; round++) {
      // In place: whoever shares the inode would see it. The second round writes into what was restored.
      for (const path of paths) writeFileSync(path, changed(path), { flag: 'r+' });
      for (const path of paths) rmSync(path);
      const again = await tree.build();
      expectDone(again);
      expect(goBuilds(again.calls)).toEqual([]);
      for (const path of paths) expect(readFileSync(path).equals(right)).toBe(true);
    }
    expect(JSON.parse((await tree.slipway(['cache', 'verify', '--json'])).stdout)).toMatchObject({ wrong: [] });
  });

  test('while Go links does not, either', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    tree.write({ 'cmd/b/b.go': 'package main\n\nfunc main() { println("second") }\n' });
    writeFileSync(tree.path(tree.published('b')), 'mine');
    expectDone(await tree.build());
    expect(tree.output('_output/bin/b')).toBe('second');
    rmSync(tree.path('_output'), { recursive: true });
    expectDone(await tree.build());
    expect(tree.output('_output/bin/b')).toBe('second');
  });
});
