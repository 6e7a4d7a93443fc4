import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '../synthetic-tree/random.ts';

/** Something a test of the tree of `test-tree.ts` reads, in one of a few states; in a bad one the test fails. */
interface TestInput {
  readonly of: string;
  readonly states: number;
  isBad(state: number): boolean;
  /** Puts it there below a checkout. */
  set(dir: string, state: number): void;
}

const text = (of: string, path: string, form = (word: string): string => `${word}\n`): TestInput => ({
  of,
  states: 4,
  isBad: (state) => state === 3,
  set: (dir, state) => put(join(dir, path), form(state === 3 ? 'bad' : `good ${state}`)),
});

/** All that tests of that tree read, but for variables. */
export const testInputs: readonly TestInput[] = [
  text('uses', 'lib/lib.go', (word) => `package lib\n\nfunc Text() string { return "${word}" }\n`),
  text('data', 'data/testdata/in'),
  text('embeds', 'embeds/files/one'),
  text('caller', 'shared/in'),
  text('moves', 'moves/sub/in'),
  text('helper', 'helper/testdata/in'),
  text('before', 'before/testdata/in'),
  text('initial', 'initial/testdata/in'),
  {
    ...{ of: 'lists', states: 3, isBad: (state) => state === 2 },
    set(dir, state) {
      for (const [at, name] of [
        [1, 'more'],
        [2, 'bad'],
      ] as const)
        if (state === at) put(join(dir, 'lists/dir', name), '');
        else rmSync(join(dir, 'lists/dir', name), { force: true });
    },
  },
  {
    ...{ of: 'absent', states: 2, isBad: (state) => state === 1 },
    set(dir, state) {
      if (state === 1) put(join(dir, 'absent/maybe'), '');
      else rmSync(join(dir, 'absent/maybe'), { force: true });
    },
  },
  {
    ...{ of: 'mode', states: 2, isBad: (state) => state === 1 },
    set: (dir, state) => chmodSync(join(dir, 'mode/run'), state === 1 ? 0o644 : 0o755),
  },
  {
    ...{ of: 'linked', states: 2, isBad: (state) => state === 1 },
    set(dir, state) {
      rmSync(join(dir, 'linked/link'), { force: true });
      symlinkSync(state === 1 ? 'two' : 'one', join(dir, 'linked/link'));
    },
  },
];

/** Changes nothing that a test reads. */
export function disturb(dir: string, random: Random): string {
  const path = join(dir, random.pick(['data/testdata/unread', 'README', 'lists/dir/one']));
  if (path.endsWith('one')) utimesSync(path, new Date(), new Date());
  else put(path, String(random.below(1000)));
  return `disturbs ${path}`;
}

function put(path: string, content: string): void {
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
