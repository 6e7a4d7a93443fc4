import {
  appendFileSync,
  chmodSync,
  linkSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  existsSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GoPart, GoWork } from '@slipway/model';
import { type Circumstances, JudgedTree, told } from './fixtures/judged-tree.ts';
import { questionOf } from './question.ts';

const FRESH = 'fresh: nothing it depends on changed';

interface Case {
  /** After everything was built. */
  readonly change?: (tree: JudgedTree) => void;
  readonly under?: Circumstances;
  /** Of `a` and `b`; what is left out is fresh. */
  readonly a?: string;
  readonly b?: string;
}

const rename = (tree: JudgedTree, importPath: string, change: object): void => {
  tree.packages = { ...tree.packages, [importPath]: { ...tree.packages[importPath]!, ...change } };
};

const cases: Readonly<Record<string, Case>> = {
  'nothing changed': {},
  'an output gone': { change: (tree) => tree.remove('out/a'), a: 'restored: its output is gone' },
  'an output gone, and nothing is kept': {
    change: (tree) => tree.remove('out/a'),
    under: { store: 'none' },
    a: 'stale: its output is gone',
  },
  'an output written to': {
    change: (tree) => appendFileSync(tree.path('out/a'), 'x'),
    a: 'restored: its output was changed by somebody else',
  },
  'an output cut short, and nothing is kept': {
    change: (tree) => writeFileSync(tree.path('out/a'), tree.read('out/a').slice(0, 20)),
    under: { store: 'none' },
    a: 'stale: its output was changed by somebody else',
  },
  'an output that cannot be run': {
    change: (tree) => chmodSync(tree.path('out/b'), 0o644),
    b: 'restored: its output was changed by somebody else',
  },
  'another flag': {
    under: { go: { flags: ['build', '-race', '-ldflags=-s -w'] } },
    a: 'stale: flags: -race is new',
    b: 'stale: flags: -race is new',
  },
  'another stamp': {
    under: { go: { flags: ['build', '-ldflags=-s -x'] } },
    a: 'stale: flags: -w is gone, -x is new',
    b: 'stale: flags: -w is gone, -x is new',
  },
  'another variable': {
    under: { go: { variables: { GOOS: 'linux', GOFLAGS: '-tags=x' } } },
    a: 'stale: variable GOFLAGS was not set, is -tags=x',
    b: 'stale: variable GOFLAGS was not set, is -tags=x',
  },
  'another Go': {
    under: { go: { goVersion: '1.22.0' } },
    a: 'stale: go was 1.21.7, is 1.22.0',
    b: 'stale: go was 1.21.7, is 1.22.0',
  },
  'another C compiler': {
    change: (tree) => tree.write('cc', 'newer'),
    a: 'stale: C compiler changed',
    b: 'stale: C compiler changed',
  },
  'cgo off': {
    under: { go: { cgo: false, compiler: undefined } },
    a: 'stale: cgo was on, is off; C compiler changed',
    b: 'stale: cgo was on, is off; C compiler changed',
  },
  'a module file': {
    change: (tree) => tree.write('go.mod', 'go 1.22'),
    a: 'stale: go.mod changed',
    b: 'stale: go.mod changed',
  },
  'a file': { change: (tree) => tree.write('lib/lib.go', 'new'), a: 'stale: lib/lib.go changed' },
  'an embedded file': { change: (tree) => tree.write('lib/data/x.txt', 'new'), a: 'stale: lib/data/x.txt changed' },
  'files of two packages': {
    change: (tree) => ['lib/lib.go', 'cmd/a/a.go'].forEach((name) => tree.write(name, 'new')),
    a: 'stale: cmd/a/a.go changed, and 1 more package',
  },
  'a file added to a package': {
    change: (tree) => {
      tree.write('lib/more.go', 'more');
      rename(tree, 'm/lib', { files: ['data/x.txt', 'lib.go', 'more.go'] });
    },
    a: 'stale: lib/more.go changed',
  },
  'a file taken from a package': {
    change: (tree) => rename(tree, 'm/lib', { files: ['lib.go'] }),
    a: 'stale: package m/lib changed',
  },
  'a package added': {
    change: (tree) => rename(tree, 'm/cmd/a', { uses: ['m/lib', 'm/other', 'outside/x'] }),
    a: 'stale: package m/other is new',
  },
  'a package gone': {
    change: (tree) => rename(tree, 'm/cmd/a', { uses: ['outside/x'] }),
    a: 'stale: package m/lib is gone',
  },
  'the language of a package': {
    change: (tree) => rename(tree, 'm/other', { goVersion: '1.22' }),
    b: 'stale: package m/other changed',
  },
  'the version of a module': {
    change: (tree) => rename(tree, 'outside/x', { fixedBy: 'outside@v1.1.0' }),
    a: 'stale: package outside/x changed',
  },
  'the path, where it is in the bytes': {
    under: { go: { path: '/src/tree' } },
    a: 'stale: path was any, is /src/tree',
    b: 'stale: path was any, is /src/tree',
  },
  'a file and back': {
    change: (tree) => {
      tree.write('lib/lib.go', 'new');
      tree.write('lib/lib.go', 'lib/lib.go');
    },
  },
  'a file no command is made of': { change: (tree) => tree.write('lib/README.md', 'words') },
  'a command that cannot be known': {
    under: { problems: { a: 'lib.go: no such thing' } },
    a: 'stale: lib.go: no such thing',
  },
  '-B': {
    under: { always: true },
    a: 'stale: everything was asked to be made again',
    b: 'stale: everything was asked to be made again',
  },
};

describe('after everything was built', () => {
  test.for(Object.entries(cases))('%s', async ([, { change, under, a = FRESH, b = FRESH }]) => {
    using tree = new JudgedTree();
    const missing = 'stale: its output is missing';
    expect(await tree.run()).toEqual({ a: missing, b: missing });
    expect(await tree.run()).toEqual({ a: FRESH, b: FRESH });
    change?.(tree);
    expect(await tree.run(under)).toEqual({ a, b });
    expect([tree.isRight('a', under?.go), tree.isRight('b', under?.go)]).toEqual([true, true]);
    // What was made, or brought back, is known; a command that cannot be known never is.
    const { always: _always, ...again } = under ?? {};
    expect(await tree.run(again)).toEqual({ a: under?.problems === undefined ? FRESH : a, b: FRESH });
  });

  test('the old state comes back from the store', async () => {
    using tree = new JudgedTree();
    await tree.run();
    tree.write('lib/lib.go', 'new');
    await tree.run();
    tree.write('lib/lib.go', 'lib/lib.go');
    expect(await tree.run()).toEqual({ a: 'restored: lib/lib.go changed', b: FRESH });
    expect(tree.isRight('a')).toBe(true);
  });
});

describe('another tree with the same files', () => {
  test('gets what was built; what depends on its path is built again', async () => {
    using tree = new JudgedTree();
    await tree.run();
    using other = new JudgedTree(tree.store);
    const restored = 'restored: its output is missing';
    expect(await other.run()).toEqual({ a: restored, b: restored });
    expect(other.read('out/a')).toBe(tree.read('out/a'));
    using third = new JudgedTree(tree.store);
    const why = expect.stringMatching(/^stale: its output is missing; unlike the one of .*Z: path was any, is \/.*/);
    expect(await third.run({ go: { path: third.root } })).toEqual({ a: why, b: why });
  });

  test('and another C compiler or environment is another case', async () => {
    using tree = new JudgedTree();
    await tree.run();
    for (const [go, difference] of [
      [{ variables: { GOOS: 'linux', GOAMD64: 'v3' } }, 'variable GOAMD64 was not set, is v3'],
      [{ cgo: false }, 'cgo was on, is off'],
      [{ flags: ['build'] }, 'flags: '],
    ] satisfies [Partial<GoWork>, string][]) {
      using other = new JudgedTree(tree.store);
      const { a } = await other.run({ go });
      expect(a).toMatch(/^stale: its output is missing; unlike the one of \S+@\S+ at \d{4}-\d\d-\d\dT\d\d:\d\dZ: /);
      expect(a).toContain(difference);
    }
  });
});

describe('files that change while Go runs', () => {
  const edits: Readonly<Record<string, (tree: JudgedTree) => void>> = {
    'a file': (tree) => tree.write('lib/lib.go', 'new'),
    'a file, to the same content': (tree) => tree.write('lib/lib.go', 'lib/lib.go'),
    'an embedded file': (tree) => tree.write('lib/data/x.txt', 'new'),
    'a file that was removed': (tree) => tree.remove('lib/lib.go'),
    'a module file': (tree) => tree.write('go.mod', 'new'),
  };

  test.for(Object.entries(edits))('%s: nothing is kept of what may have seen it', async ([, edit]) => {
    using tree = new JudgedTree();
    await tree.run({ meanwhile: () => edit(tree) });
    expect(records(tree)).toHaveLength(edit === edits['a module file'] ? 0 : 1);
    const again = await tree.run();
    expect(again['a']).toMatch(/^stale: /);
    expect([tree.isRight('a'), tree.isRight('b')]).toEqual([true, true]);
    expect(await tree.run()).toEqual({ a: FRESH, b: FRESH });
  });

  // Nobody told the judge about them before: they are not among the files of the package.
  const comes: Readonly<Record<string, (tree: JudgedTree) => void>> = {
    'a file beside it': (tree) => tree.write('lib/new.go', 'new'),
    'a file that a constraint left out': (tree) => tree.write('lib/out.go', 'no constraint'),
    'a file beside an embedded one': (tree) => tree.write('lib/data/new.txt', 'new'),
  };

  test.for(Object.entries(comes))('%s: nothing is kept, either', async ([, come]) => {
    using tree = new JudgedTree();
    tree.write('lib/out.go', '//go:build ignore');
    rename(tree, 'm/lib', { ignored: ['out.go'] });
    await tree.run({ meanwhile: () => come(tree) });
    expect(records(tree)).toHaveLength(1);
  });
});

describe('Go that does not end well', () => {
  test('leaves outputs that the next one may go on from', async () => {
    using tree = new JudgedTree();
    await tree.run();
    tree.write('lib/lib.go', 'new');
    expect(await tree.run({ ends: 'badly' })).toMatchObject({ a: 'stale: lib/lib.go changed' });
    const left = tree.read('out/a');
    const judge = tree.open();
    const verdicts = await judge.judge(tree.step());
    expect(told(verdicts)).toMatchObject({ a: expect.stringMatching(/^stale: /), b: FRESH });
    expect(tree.read('out/a')).toBe(left);
    expect(records(tree)).toHaveLength(2);
  });

  test('when it was stopped in the middle, what it left is out of the way of the next', async () => {
    using tree = new JudgedTree();
    await tree.run();
    tree.write('lib/lib.go', 'new');
    await tree.run({ ends: 'killed' });
    writeFileSync(tree.path('out/a'), tree.read('out/a').slice(0, 20));
    expect(await tree.run()).toEqual({ a: 'stale: lib/lib.go changed', b: FRESH });
    expect(tree.isRight('a')).toBe(true);
  });
});

describe('what is kept', () => {
  test('goes bad: it is not restored, and mended by the next build', async () => {
    using tree = new JudgedTree();
    await tree.run();
    for (const path of files(tree, 'cas')) {
      const bytes = readFileSync(path);
      bytes[bytes.length - 1]! ^= 1;
      chmodSync(path, 0o644);
      writeFileSync(path, bytes);
    }
    const gone = 'its output is gone';
    for (const is of ['stale', 'restored']) {
      for (const name of ['a', 'b']) tree.remove(`out/${name}`);
      expect(await tree.run()).toEqual({ a: `${is}: ${gone}`, b: `${is}: ${gone}` });
      expect([tree.isRight('a'), tree.isRight('b')]).toEqual([true, true]);
    }
  });

  test('of a tree: what cannot be read is not known, and comes from the store', async () => {
    using tree = new JudgedTree();
    await tree.run();
    for (const text of ['', '{', '[]', '{"version":1,"outputs":{}}', '5']) {
      writeFileSync(join(tree.base, 'memory/outputs.json'), text);
      expect(await tree.run(), text).toMatchObject({ a: expect.stringMatching(/^restored: /) });
    }
    for (const name of readdirSync(join(tree.base, 'memory/parts')))
      writeFileSync(join(tree.base, 'memory/parts', name), '{');
    expect(await tree.run()).toEqual({ a: FRESH, b: FRESH });
    tree.write('lib/lib.go', 'new');
    expect(await tree.run()).toEqual({
      a: expect.stringMatching(/^stale: unlike .*: package m\/lib changed$/),
      b: FRESH,
    });
  });

  test('has nothing of a command that cannot be known', async () => {
    using tree = new JudgedTree();
    await tree.run({ problems: { a: 'no', b: 'no' } });
    expect(records(tree)).toEqual([]);
  });
});

describe('a library, which leaves no file', () => {
  const library: GoPart = { name: 'lib', importPath: 'm/lib', test: false, output: undefined };

  test('is fresh while nothing changes, and never kept', async () => {
    using tree = new JudgedTree();
    tree.parts = [library];
    expect(await tree.run()).toEqual({ lib: 'stale: it was never made here' });
    expect(await tree.run()).toEqual({ lib: FRESH });
    tree.write('lib/lib.go', 'new');
    expect(await tree.run({ ends: 'badly' })).toEqual({ lib: 'stale: lib/lib.go changed' });
    expect(await tree.run()).toEqual({ lib: expect.stringMatching(/^stale: /) });
    expect(await tree.run()).toEqual({ lib: FRESH });
    expect(records(tree)).toEqual([]);
  });

  test('is remembered for each platform', async () => {
    using tree = new JudgedTree();
    tree.parts = [library];
    await tree.run();
    expect(await tree.run({ go: { platform: 'windows/amd64' as GoWork['platform'] } })).toEqual({
      lib: 'stale: it was never made here',
    });
    expect(await tree.run()).toEqual({ lib: FRESH });
  });
});

describe('two builds of the same', () => {
  test('the second gets what the first made while it waited', async () => {
    using tree = new JudgedTree();
    using other = new JudgedTree(tree.store);
    const [first, second] = [tree.open(), other.open()];
    const [step, otherStep] = [tree.step(), other.step()];
    const stale = [await first.judge(step), await second.judge(otherStep)];
    let waits: Promise<unknown> = Promise.resolve();
    await first.exclusively(step, stale[0]!, async (verdicts) => {
      expect(verdicts.map(({ is }) => is)).toEqual(['stale', 'stale']);
      waits = second.exclusively(otherStep, stale[1]!, async (again) =>
        expect(again.map(({ is }) => is)).toEqual(['restored', 'restored']),
      );
      for (const part of tree.parts) tree.make(step, part);
      await first.record(step, tree.parts);
    });
    await waits;
    expect(other.isRight('a')).toBe(true);
  });

  test('-B, and what cannot be known, wait for nobody', async () => {
    using tree = new JudgedTree();
    for (const circumstances of [
      { always: true },
      { problems: { a: 'no', b: 'no' } },
      { store: 'none' },
    ] satisfies Circumstances[]) {
      const judge = tree.open(circumstances);
      const step = tree.step();
      const stale = await judge.judge(step);
      const is = await judge.exclusively(step, stale, (verdicts) =>
        judge.exclusively(step, verdicts, async (again) => again.map((one) => one.is)),
      );
      expect(is).toEqual(['stale', 'stale']);
    }
  });
});

test('hands Go nothing that is there, when everything is asked to be made again', async () => {
  using tree = new JudgedTree();
  await tree.run();
  await tree.open({ always: true }).judge(tree.step());
  for (const name of ['out/a', 'out/b']) expect(existsSync(tree.path(name)), name).toBe(false);
});

test('says whether all that was judged has a key: what nobody can name has none, nor what changed meanwhile', async () => {
  using tree = new JudgedTree();
  const known = async (circumstances: Parameters<JudgedTree['run']>[0] = {}): Promise<boolean> => {
    const judge = tree.open(circumstances);
    const step = tree.step(circumstances.go);
    const verdicts = await judge.judge(step);
    const stale = verdicts.filter(({ is }) => is === 'stale').map(({ part }) => part);
    circumstances.meanwhile?.();
    for (const part of stale) tree.make(step, part);
    await judge.record(step, stale);
    await judge.save();
    return judge.allKnown();
  };
  expect(await known()).toBe(true);
  expect(await known()).toBe(true);
  expect(await known({ problems: { a: 'no' } })).toBe(false);
  expect(await known({ go: { unnamed: 'it reads what it likes' } })).toBe(false);
  expect(await known({ always: true, meanwhile: () => tree.write('lib/lib.go', 'new') })).toBe(false);
  expect(await known()).toBe(true);
});

test('says whether Go made other bytes than were there', async () => {
  using tree = new JudgedTree();
  await tree.run();
  const judge = tree.open({ always: true });
  const step = tree.step();
  await judge.judge(step);
  for (const part of tree.parts) tree.make(step, part);
  appendFileSync(tree.path('out/b'), 'x');
  expect((await judge.record(step, tree.parts)).map(({ part, changed }) => [part.name, changed])).toEqual([
    ['a', false],
    ['b', true],
  ]);
});

test('a published file is the same until its source holds something else or somebody writes to it, whatever its time', async () => {
  using tree = new JudgedTree();
  tree.write('made', 'text');
  tree.write('published', 'text');
  const judge = tree.open();
  expect(judge.published('made', 'published')).toBe('doubtful');
  await judge.recordPublished('made', 'published');
  await judge.save();
  expect(tree.open().published('made', 'published')).toBe('same');
  tree.write('made', 'other');
  expect(tree.open().published('made', 'published')).toBe('other');
  chmodSync(tree.path('published'), 0o600);
  expect(tree.open().published('made', 'published')).toBe('doubtful');
  rmSync(tree.path('published'));
  expect(tree.open().published('made', 'published')).toBe('doubtful');
});

test('a file from the store may be shared until Go is asked for it again', async () => {
  using tree = new JudgedTree();
  await tree.run();
  tree.remove('out/a');
  const judge = tree.open();
  await judge.judge(tree.step());
  expect(['out/a', 'out/b', 'out/c'].map((path) => judge.mayShare(path))).toEqual([true, false, false]);
  linkSync(tree.path('out/a'), tree.path('published'));
  await judge.recordPublished('out/a', 'published');
  await judge.save();
  expect(tree.open().published('out/a', 'published')).toBe('same');
  expect(await tree.run()).toEqual({ a: FRESH, b: FRESH });
  tree.write('lib/lib.go', 'changed');
  const [text, { mtimeMs }] = [tree.read('out/a'), statSync(tree.path('out/a'))];
  await tree.open().judge(tree.step());
  expect(statSync(tree.path('out/a'))).toMatchObject({ nlink: 1, mtimeMs });
  expect(tree.read('out/a')).toBe(text);
});

test('Go is asked about packages with the flags and variables of the build, but for places', () => {
  using tree = new JudgedTree();
  const step = {
    ...tree.step({ flags: ['build', '-tags=a', '-race', '-trimpath', '-tags=b', '-mod=vendor'] }),
    env: { GOTMPDIR: '/tmp/x', GOOS: 'linux' },
    unset: ['GOBIN', 'GOOS'],
  };
  const toolchain = { command: '/go/bin/go', goroot: '/go', version: '1.21.7' };
  expect(questionOf(step, step.go!, { toolchain, environment: { GOBIN: '/bin', HOME: '/home' } })).toEqual({
    platform: 'linux/amd64',
    tags: 'b',
    cgo: true,
    flags: ['-race', '-mod=vendor'],
    cwd: tree.root,
    env: { HOME: '/home', GOOS: 'linux' },
    toolchain,
  });
});

const files = (tree: JudgedTree, folder: string): string[] =>
  readdirSync(join(tree.store, 'v1', folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Those that name files; the newest of each command has none. */
function records(tree: JudgedTree): string[] {
  try {
    return files(tree, 'records').filter((path) => !readFileSync(path, 'utf8').includes('"files":[]'));
  } catch {
    return [];
  }
}
