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

/** The middle byte is changed. */
function changed(path: string): Buffer {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  return bytes;
}

/** The content is changed, and the size and the time of modification stay the same, to the last digit. */
function keepingTimes(path: string, change: () => void): void {
  writeFileSync(`${path}.time`, '');
  execFileSync('touch', ['-r', path, `${path}.time`]);
  change();
  execFileSync('touch', ['-r', `${path}.time`, path]);
  rmSync(`${path}.time`);
}

/** Damage by a user, a script or a disk to an output. */
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

describe('an output is right again after any damage', () => {
  const cases = Object.keys(places) as (keyof typeof places)[];

  test.for(cases)('%s: it comes from the store, without Go', async (place) => {
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

  test.for(cases)('%s, after both came from the store and may share one file', async (place) => {
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

  test('a restored output stays untouched if Go makes the same bytes', async () => {
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

  // Go considers a file finished if its first bytes have the mark.
  test("Go's own output, with nothing in the store: Go links it again", async () => {
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
      // The kept copy is right, too.
      for (const path of [published, own]) rmSync(path);
      expectDone(await tree.build());
      expect(
        [published, own].map((path) => readFileSync(path).equals(right)),
        damage,
      ).toEqual([true, true]);
    }
  });

  test('-B makes a wrong output again, too', async () => {
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

describe("a user's write into an output", () => {
  test('never reaches the store', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    const paths = [tree.path(tree.published('b')), tree.path(places["Go's own"], 'b')];
    const right = readFileSync(paths[0]!);
    for (let round = 0; round < 2; round++) {
      // In place: a file that shares the inode would change, too. The second round writes into the restored file.
      for (const path of paths) writeFileSync(path, changed(path), { flag: 'r+' });
      for (const path of paths) rmSync(path);
      const again = await tree.build();
      expectDone(again);
      expect(goBuilds(again.calls)).toEqual([]);
      for (const path of paths) expect(readFileSync(path).equals(right)).toBe(true);
    }
    expect(JSON.parse((await tree.slipway(['cache', 'verify', '--json'])).stdout)).toMatchObject({ wrong: [] });
  });

  test('does not reach it while Go links, either', async () => {
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
