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
import { FailureError, HOLES, type Platform, goBuildOf } from '@slipway/model';
import { type Circumstances, type Command, CheckedTree, type GoChange, told } from './fixtures/checked-tree.ts';
import { goListQuery } from './go-list-query.ts';

const FRESH = 'fresh: nothing it depends on changed';

interface Case {
  /** Applied after everything was built. */
  readonly change?: (tree: CheckedTree) => void;
  readonly under?: Circumstances;
  /** The states of `a` and `b`; fresh if left out. */
  readonly a?: string;
  readonly b?: string;
}

const rename = (tree: CheckedTree, importPath: string, change: object): void => {
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
    a: 'restored: another program changed its output',
  },
  'an output cut short, and nothing is kept': {
    change: (tree) => writeFileSync(tree.path('out/a'), tree.read('out/a').slice(0, 20)),
    under: { store: 'none' },
    a: 'stale: another program changed its output',
  },
  'an output that cannot be run': {
    change: (tree) => chmodSync(tree.path('out/b'), 0o644),
    b: 'restored: another program changed its output',
  },
  'another flag': {
    under: { go: { build: { flags: ['build', '-race', '-ldflags=-s -w'] } } },
    a: 'stale: flags: -race is new',
    b: 'stale: flags: -race is new',
  },
  'another stamp': {
    under: { go: { build: { flags: ['build', '-ldflags=-s -x'] } } },
    a: 'stale: flags: -w is gone, -x is new',
    b: 'stale: flags: -w is gone, -x is new',
  },
  'another variable': {
    under: { go: { settings: { 'variable GOFLAGS': '-tags=x' } } },
    a: 'stale: variable GOFLAGS was not set, is -tags=x',
    b: 'stale: variable GOFLAGS was not set, is -tags=x',
  },
  'another Go': {
    under: { go: { build: { goVersion: '1.22.0' } } },
    a: 'stale: go was 1.21.7, is 1.22.0',
    b: 'stale: go was 1.21.7, is 1.22.0',
  },
  'another C compiler': {
    change: (tree) => tree.write('cc', 'newer'),
    a: 'stale: C compiler changed',
    b: 'stale: C compiler changed',
  },
  'cgo off': {
    under: { go: { build: { cgo: false, compiler: undefined } } },
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
    under: { go: { settings: { path: '/src/tree' } } },
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
    a: 'stale: you asked to rebuild everything',
    b: 'stale: you asked to rebuild everything',
  },
};

describe('after everything was built', () => {
  test.for(Object.entries(cases))('%s', async ([, { change, under, a = FRESH, b = FRESH }]) => {
    using tree = new CheckedTree();
    const missing = 'stale: its output is missing';
    expect(await tree.run()).toEqual({ a: missing, b: missing });
    expect(await tree.run()).toEqual({ a: FRESH, b: FRESH });
    change?.(tree);
    expect(await tree.run(under)).toEqual({ a, b });
    expect([tree.isRight('a', under?.go), tree.isRight('b', under?.go)]).toEqual([true, true]);
    // Made and restored commands are known. A command with unknown inputs never is.
    const { always: _always, ...again } = under ?? {};
    expect(await tree.run(again)).toEqual({ a: under?.problems === undefined ? FRESH : a, b: FRESH });
  });

  test('the old state is restored from the store', async () => {
    using tree = new CheckedTree();
    await tree.run();
    tree.write('lib/lib.go', 'new');
    await tree.run();
    tree.write('lib/lib.go', 'lib/lib.go');
    expect(await tree.run()).toEqual({ a: 'restored: lib/lib.go changed', b: FRESH });
    expect(tree.isRight('a')).toBe(true);
  });
});

describe('another tree with the same files', () => {
  test('gets the results, and builds only what depends on its path', async () => {
    using tree = new CheckedTree();
    await tree.run();
    using other = new CheckedTree(tree.store);
    const restored = 'restored: its output is missing';
    expect(await other.run()).toEqual({ a: restored, b: restored });
    expect(other.read('out/a')).toBe(tree.read('out/a'));
    using third = new CheckedTree(tree.store);
    const why = expect.stringMatching(/^stale: its output is missing; unlike the one of .*Z: path was any, is \/.*/);
    expect(await third.run({ go: { settings: { path: third.root } } })).toEqual({ a: why, b: why });
  });

  test('with another C compiler or environment gets none', async () => {
    using tree = new CheckedTree();
    await tree.run();
    for (const [go, difference] of [
      [{ settings: { 'variable GOAMD64': 'v3' } }, 'variable GOAMD64 was not set, is v3'],
      [{ build: { cgo: false } }, 'cgo was on, is off'],
      [{ build: { flags: ['build'] } }, 'flags: '],
    ] satisfies [GoChange, string][]) {
      using other = new CheckedTree(tree.store);
      const { a } = await other.run({ go });
      expect(a).toMatch(/^stale: its output is missing; unlike the one of \S+@\S+ at \d{4}-\d\d-\d\dT\d\d:\d\dZ: /);
      expect(a).toContain(difference);
    }
  });
});

describe('files that change while Go runs', () => {
  const edits: Readonly<Record<string, (tree: CheckedTree) => void>> = {
    'a file': (tree) => tree.write('lib/lib.go', 'new'),
    'a file, to the same content': (tree) => tree.write('lib/lib.go', 'lib/lib.go'),
    'an embedded file': (tree) => tree.write('lib/data/x.txt', 'new'),
    'a file that was removed': (tree) => tree.remove('lib/lib.go'),
    'a module file': (tree) => tree.write('go.mod', 'new'),
  };

  test.for(Object.entries(edits))('%s: nothing is kept of what may have seen it', async ([, edit]) => {
    using tree = new CheckedTree();
    await tree.run({ meanwhile: () => edit(tree) });
    expect(records(tree)).toHaveLength(edit === edits['a module file'] ? 0 : 1);
    const again = await tree.run();
    expect(again['a']).toMatch(/^stale: /);
    expect([tree.isRight('a'), tree.isRight('b')]).toEqual([true, true]);
    expect(await tree.run()).toEqual({ a: FRESH, b: FRESH });
  });

  // The check does not know these files, because the package does not list them.
  const comes: Readonly<Record<string, (tree: CheckedTree) => void>> = {
    'a file beside it': (tree) => tree.write('lib/new.go', 'new'),
    'a file that a constraint left out': (tree) => tree.write('lib/out.go', 'no constraint'),
    'a file beside an embedded one': (tree) => tree.write('lib/data/new.txt', 'new'),
  };

  test.for(Object.entries(comes))('%s: nothing is kept, either', async ([, come]) => {
    using tree = new CheckedTree();
    tree.write('lib/out.go', '//go:build ignore');
    rename(tree, 'm/lib', { ignored: ['out.go'] });
    await tree.run({ meanwhile: () => come(tree) });
    expect(records(tree)).toHaveLength(1);
  });
});

describe('after a failed Go call', () => {
  test('the next call can continue from its outputs', async () => {
    using tree = new CheckedTree();
    await tree.run();
    tree.write('lib/lib.go', 'new');
    expect(await tree.run({ ends: 'badly' })).toMatchObject({ a: 'stale: lib/lib.go changed' });
    const left = tree.read('out/a');
    const check = tree.open();
    const step = tree.step();
    const statuses = await check.lookup(step);
    expect(told(statuses)).toMatchObject({ a: expect.stringMatching(/^stale: /), b: FRESH });
    await check.make(step, statuses, async (actions) => {
      expect(tree.read('out/a')).toBe(left);
      return { output: '', passed: actions };
    });
    expect(records(tree)).toHaveLength(3);
  });

  test('the outputs of an interrupted call are moved out of the way', async () => {
    using tree = new CheckedTree();
    await tree.run();
    tree.write('lib/lib.go', 'new');
    await tree.run({ ends: 'killed' });
    writeFileSync(tree.path('out/a'), tree.read('out/a').slice(0, 20));
    expect(await tree.run()).toEqual({ a: 'stale: lib/lib.go changed', b: FRESH });
    expect(tree.isRight('a')).toBe(true);
  });
});

describe('a kept result', () => {
  test('that is damaged is not restored, and the next build replaces it', async () => {
    using tree = new CheckedTree();
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

  test('of a tree that cannot be read is unknown, and comes from the store', async () => {
    using tree = new CheckedTree();
    await tree.run();
    for (const text of ['', '{', '[]', '{"version":2,"outputs":{}}', '5']) {
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

  test('does not exist for a command with unknown inputs', async () => {
    using tree = new CheckedTree();
    await tree.run({ problems: { a: 'no', b: 'no' } });
    expect(records(tree)).toEqual([]);
  });
});

describe('a library, which has no output file', () => {
  const library: Command = { name: 'lib', importPath: 'm/lib', output: undefined };

  test('is fresh while nothing changes, and never kept', async () => {
    using tree = new CheckedTree();
    tree.commands = [library];
    expect(await tree.run()).toEqual({ lib: 'stale: it was never made here' });
    expect(await tree.run()).toEqual({ lib: FRESH });
    tree.write('lib/lib.go', 'new');
    expect(await tree.run({ ends: 'badly' })).toEqual({ lib: 'stale: lib/lib.go changed' });
    expect(await tree.run()).toEqual({ lib: expect.stringMatching(/^stale: /) });
    expect(await tree.run()).toEqual({ lib: FRESH });
    expect(records(tree)).toEqual([]);
  });

  test('is recorded for each platform', async () => {
    using tree = new CheckedTree();
    tree.commands = [library];
    await tree.run();
    expect(await tree.run({ go: { build: { platform: 'windows/amd64' as Platform } } })).toEqual({
      lib: 'stale: it was never made here',
    });
    expect(await tree.run()).toEqual({ lib: FRESH });
  });
});

describe('a call that fails for one command', () => {
  const failure = new FailureError({ code: 'COMMAND_FAILED', command: 'go', exit: 1 });

  test('keeps the results of the other commands', async () => {
    using tree = new CheckedTree();
    const check = tree.open();
    const step = tree.step();
    const made = await check.make(step, await check.lookup(step), async (actions) => {
      tree.make(actions[1]!);
      return { output: 'a.go: no', passed: [actions[1]!], failure };
    });
    expect(made.failure).toBe(failure);
    expect(told(made.actions)).toEqual({ a: 'failed: its output is missing', b: 'ran: its output is missing' });
    await check.save();
    expect(await tree.run()).toEqual({ a: expect.stringMatching(/^stale: /), b: FRESH });
    using other = new CheckedTree(tree.store);
    expect(await other.run()).toMatchObject({ b: 'restored: its output is missing' });
  });
});

test('Go gets a package that it cannot load in a separate call, after the rest', async () => {
  using tree = new CheckedTree();
  const check = tree.open({ problems: { a: 'cmd/a/a.go:3:8: no such package' } });
  const step = tree.step();
  const calls: string[] = [];
  const made = await check.make(step, await check.lookup(step), async (actions) => {
    calls.push(actions.map(({ name }) => name).join(' '));
    if (actions.some(({ name }) => name === 'a'))
      return {
        output: 'no',
        passed: [],
        failure: new FailureError({ code: 'COMMAND_FAILED', command: 'go', exit: 1 }),
      };
    return tree.works(actions, []);
  });
  expect(calls).toEqual(['b', 'a']);
  expect(told(made.actions)).toEqual({
    a: 'failed: cmd/a/a.go:3:8: no such package',
    b: 'ran: its output is missing',
  });
  expect([made.output, made.failure?.failures[0]?.code]).toEqual(['no', 'COMMAND_FAILED']);
});

describe('two builds of the same sources', () => {
  test('the second gets the results of the first after waiting', async () => {
    using tree = new CheckedTree();
    using other = new CheckedTree(tree.store);
    const [first, second] = [tree.open(), other.open()];
    const [step, otherStep] = [tree.step(), other.step()];
    const stale = [await first.lookup(step), await second.lookup(otherStep)];
    let waits: Promise<unknown> = Promise.resolve();
    await first.make(step, stale[0]!, async (actions, flags) => {
      expect(actions.map(({ name }) => name)).toEqual(['a', 'b']);
      waits = second
        .make(otherStep, stale[1]!, () => {
          throw new Error('Go was asked a second time');
        })
        .then(({ actions: again }) => expect(again.map(({ is }) => is)).toEqual(['restored', 'restored']));
      return tree.works(actions, flags);
    });
    await waits;
    expect(other.isRight('a')).toBe(true);
  });

  test('-B, and commands with unknown inputs, do not wait', async () => {
    using tree = new CheckedTree();
    for (const circumstances of [
      { always: true },
      { problems: { a: 'no', b: 'no' } },
      { store: 'none' },
    ] satisfies Circumstances[]) {
      const check = tree.open(circumstances);
      const step = tree.step();
      const stale = await check.lookup(step);
      let calls = 0;
      await check.make(step, stale, async (outer, flags) => {
        await check.make(step, stale, async (actions) => ((calls = actions.length), { output: '', passed: actions }));
        return tree.works(outer, flags);
      });
      expect(calls).toBe(2);
    }
  });
});

test('with -B, Go gets no existing outputs', async () => {
  using tree = new CheckedTree();
  await tree.run();
  const check = tree.open({ always: true });
  const step = tree.step();
  await check.make(step, await check.lookup(step), async (actions, flags) => {
    for (const name of ['out/a', 'out/b']) expect(existsSync(tree.path(name)), name).toBe(false);
    return tree.works(actions, flags);
  });
});

test('allKnown is false if an action has unknown inputs or changed meanwhile', async () => {
  using tree = new CheckedTree();
  const known = async (circumstances: Circumstances = {}): Promise<boolean> => {
    const check = tree.open(circumstances);
    const step = tree.step(circumstances.go);
    await check.make(step, await check.lookup(step), async (actions, flags) => {
      circumstances.meanwhile?.();
      return tree.works(actions, flags);
    });
    await check.save();
    return check.allKnown();
  };
  expect(await known()).toBe(true);
  expect(await known()).toBe(true);
  expect(await known({ problems: { a: 'no' } })).toBe(false);
  expect(await known({ go: { cache: { is: 'volatile', why: 'it reads what it likes' } } })).toBe(false);
  expect(await known({ always: true, meanwhile: () => tree.write('lib/lib.go', 'new') })).toBe(false);
  expect(await known()).toBe(true);
});

test('reports whether Go made other bytes than before', async () => {
  using tree = new CheckedTree();
  await tree.run();
  const check = tree.open({ always: true });
  const step = tree.step();
  const made = await check.make(step, await check.lookup(step), async (actions, flags) => {
    const ran = await tree.works(actions, flags);
    appendFileSync(tree.path('out/b'), 'x');
    return ran;
  });
  const why = 'you asked to rebuild everything';
  expect(told(made.actions)).toEqual({ a: `ran: ${why}; Go made the same bytes`, b: `ran: ${why}` });
});

test('a published file is the same until its source changes or somebody writes to it, regardless of its time', async () => {
  using tree = new CheckedTree();
  tree.write('made', 'text');
  tree.write('published', 'text');
  const is = (): string => tree.open().published('made', 'published').is;
  const check = tree.open();
  expect(check.published('made', 'published').is).toBe('doubtful');
  await check.recordPublished('made', 'published');
  await check.save();
  expect(is()).toBe('same');
  tree.write('made', 'other');
  expect(is()).toBe('other');
  chmodSync(tree.path('published'), 0o600);
  expect(is()).toBe('doubtful');
  rmSync(tree.path('published'));
  expect(is()).toBe('doubtful');
});

test('a file from the store may be shared until the next Go build', async () => {
  using tree = new CheckedTree();
  await tree.run();
  tree.remove('out/a');
  const check = tree.open();
  await check.lookup(tree.step());
  expect(['out/a', 'out/b', 'out/c'].map((path) => check.published(path, 'x').mayShare)).toEqual([true, false, false]);
  linkSync(tree.path('out/a'), tree.path('published'));
  await check.recordPublished('out/a', 'published');
  await check.save();
  expect(tree.open().published('out/a', 'published').is).toBe('same');
  expect(await tree.run()).toEqual({ a: FRESH, b: FRESH });
  tree.write('lib/lib.go', 'changed');
  const [text, { mtimeMs }] = [tree.read('out/a'), statSync(tree.path('out/a'))];
  const again = tree.open();
  const step = tree.step();
  await again.make(step, await again.lookup(step), async (actions) => {
    expect(statSync(tree.path('out/a'))).toMatchObject({ nlink: 1, mtimeMs });
    expect(tree.read('out/a')).toBe(text);
    return { output: '', passed: actions };
  });
});

test("Go lists packages with the build's flags and variables, except paths", () => {
  using tree = new CheckedTree();
  const flags = ['build', '-tags=a', '-race', '-trimpath', '-tags=b', '-mod=vendor'];
  const step = {
    ...tree.step({ build: { flags } }),
    env: { GOTMPDIR: HOLES.scratch, GOOS: 'linux' },
    unset: ['GOBIN', 'GOOS'],
  };
  const toolchain = { command: '/go/bin/go', goroot: '/go', version: '1.21.7' };
  const host = { name: 'host', root: tree.root, output: tree.path('out'), go: '/go/bin/go', environment: {} } as const;
  const environment = { GOBIN: '/bin', HOME: '/home' };
  expect(goListQuery(step, goBuildOf(step)!, { toolchain, environment, host })).toEqual({
    platform: 'linux/amd64',
    tags: 'b',
    cgo: true,
    flags: ['-race', '-mod=vendor'],
    cwd: tree.root,
    env: { HOME: '/home', GOOS: 'linux' },
    toolchain,
  });
});

const files = (tree: CheckedTree, folder: string): string[] =>
  readdirSync(join(tree.store, 'v1', folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Records that name files. The newest record of each command has none. */
function records(tree: CheckedTree): string[] {
  try {
    return files(tree, 'records').filter((path) => !readFileSync(path, 'utf8').includes('"files":[]'));
  } catch {
    return [];
  }
}

test('looking up a step calls Go once, and making it does not', async () => {
  using tree = new CheckedTree();
  expect(await tree.run()).toEqual({ a: expect.stringMatching(/^stale/), b: expect.stringMatching(/^stale/) });
  expect(tree.loads).toBe(1);
});
