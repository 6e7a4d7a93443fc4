import { appendFileSync, chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Action, type Step, type StepId, inputPaths } from '@slipway/model';
import { type Circumstances, CheckedTree } from './fixtures/checked-tree.ts';

interface Work {
  readonly inputs: readonly string[];
  readonly settings: Action['settings'];
  readonly cache: Action['cache'];
}

const work: Work = {
  inputs: ['in/a', 'in/b', 'list'],
  settings: { compression: 'gzip 6' },
  cache: { is: 'shared', why: '' },
};

const actionOf = (more: Partial<Action> = {}): Action => ({
  ...{ id: 'made', name: 'made', words: [], inputs: [{ kind: 'files', paths: work.inputs }], settings: work.settings },
  ...{ outputs: ['out/one', 'out/two'], hasResult: false, cache: work.cache },
  ...more,
});

const stepOf = ({ inputs, ...more }: Partial<Work> = {}): Step => ({
  ...{ kind: 'write', id: 'made' as StepId, title: 'made', needs: [], after: [], pool: 'io', path: '', text: '' },
  outputs: ['out/one', 'out/two'],
  actions: [actionOf({ ...more, ...(inputs === undefined ? {} : { inputs: [{ kind: 'files', paths: inputs }] }) })],
});

/** Performs a step, then returns the state for the next run. */
async function run(tree: CheckedTree, step: Step, circumstances: Circumstances = {}): Promise<string> {
  const check = tree.open(circumstances);
  const statuses = await check.lookup(step);
  const made = check.make(step, statuses, async (actions) => {
    circumstances.meanwhile?.();
    const text = inputPaths(step)
      .map((input) => tree.read(input))
      .join();
    for (const output of step.outputs) tree.write(output, `${output} of ${text}`);
    if (circumstances.ends === 'killed') throw new Error('killed');
    return { output: '', passed: actions };
  });
  if (circumstances.ends === 'killed') await made.catch(() => undefined);
  else {
    await made;
    await check.save();
  }
  return `${statuses[0]!.is}: ${statuses[0]!.why}`;
}

function madeTree(): CheckedTree {
  const tree = new CheckedTree();
  for (const input of work.inputs) tree.write(input, input);
  return tree;
}

interface Case {
  readonly change?: (tree: CheckedTree) => void;
  readonly under?: Circumstances;
  readonly work?: Partial<Work>;
  readonly is: string;
}

const FRESH = 'fresh: nothing it depends on changed';

const cases: Readonly<Record<string, Case>> = {
  'nothing changed': { is: FRESH },
  'an input changed': { change: (tree) => appendFileSync(tree.path('in/b'), 'x'), is: 'stale: in/b changed' },
  'an input touched': { change: (tree) => writeFileSync(tree.path('in/b'), 'in/b'), is: FRESH },
  'an input that may now be run': {
    change: (tree) => chmodSync(tree.path('in/b'), 0o755),
    is: 'stale: directory in changed',
  },
  'another mode that does not count': { change: (tree) => chmodSync(tree.path('in/b'), 0o600), is: FRESH },
  'an input more': {
    change: (tree) => tree.write('more/c', 'c'),
    work: { inputs: [...work.inputs, 'more/c'] },
    is: 'stale: directory more is new',
  },
  'another order of the inputs': { work: { inputs: work.inputs.toReversed() }, is: FRESH },
  'two inputs changed places': {
    change(tree) {
      renameSync(tree.path('in/a'), tree.path('in/c'));
      renameSync(tree.path('in/b'), tree.path('in/a'));
      renameSync(tree.path('in/c'), tree.path('in/b'));
    },
    is: 'stale: in/a changed',
  },
  'another setting': {
    work: { settings: { compression: 'gzip 9' } },
    is: 'stale: compression was gzip 6, is gzip 9',
  },
  'an output gone': { change: (tree) => tree.remove('out/two'), is: 'restored: out/two is gone' },
  'an output gone, and nothing is kept': {
    change: (tree) => tree.remove('out/two'),
    under: { store: 'none' },
    is: 'stale: out/two is gone',
  },
  'an output gone of what is not kept': {
    change: (tree) => tree.remove('out/two'),
    work: { cache: { is: 'tree', why: '' } },
    is: 'stale: out/two is gone',
  },
  'an output written to': {
    change: (tree) => appendFileSync(tree.path('out/one'), 'x'),
    is: 'restored: another program changed its output',
  },
  'everything asked for': { under: { always: true }, is: 'stale: you asked to rebuild everything' },
};

describe('a step that ran, followed by', () => {
  test.each(Object.entries(cases))('%s', async (_name, { change, under, work: more, is }) => {
    using tree = madeTree();
    expect(await run(tree, stepOf({ cache: more?.cache ?? work.cache }))).toBe('stale: out/one is missing');
    const right = madeBy(tree);
    change?.(tree);
    expect(await run(tree, stepOf(more), under)).toBe(is);
    if (is.startsWith('restored')) expect(madeBy(tree)).toEqual(right);
    expect(await run(tree, stepOf(more))).toBe(FRESH);
  });
});

const madeBy = (tree: CheckedTree): string[] => stepOf().outputs.map((output) => tree.read(output));

test('an input that changed during the read makes the outputs untrusted', async () => {
  using tree = madeTree();
  await run(tree, stepOf(), { meanwhile: () => appendFileSync(tree.path('in/a'), 'x') });
  expect(await run(tree, stepOf())).toMatch(/^stale: /);
  expect(await run(tree, stepOf())).toBe(FRESH);
});

test('a killed run leaves nothing that looks complete', async () => {
  using tree = madeTree();
  await run(tree, stepOf());
  appendFileSync(tree.path('in/a'), 'x');
  await run(tree, stepOf(), { ends: 'killed' });
  expect(await run(tree, stepOf())).toBe('stale: in/a changed');
});

test('another checkout with the same content gets results from the store', async () => {
  using first = madeTree();
  await run(first, stepOf());
  using second = new CheckedTree(first.store);
  for (const input of work.inputs) second.write(input, input);
  expect(await run(second, stepOf())).toBe('restored: out/one is missing');
  expect(madeBy(second)).toEqual(madeBy(first));
});

test('an action with unknown inputs runs each time, and nothing is kept of it', async () => {
  using tree = madeTree();
  const step = stepOf({ cache: { is: 'volatile', why: 'it asks the weather' } });
  for (const _ of [1, 2]) expect(await run(tree, step)).toBe('stale: it asks the weather');
});

describe('an action with a result', () => {
  const tested = (exit: number): Step => ({
    ...stepOf(),
    outputs: [],
    actions: [actionOf({ outputs: [], hasResult: true, settings: { exit: `${exit}` } })],
  });

  async function result(tree: CheckedTree, exit: number): Promise<readonly unknown[]> {
    const check = tree.open();
    const step = tested(exit);
    const made = await check.make(step, await check.lookup(step), async (actions) => ({
      output: 'ok',
      passed: exit === 0 ? actions : [],
      results: new Map(actions.map((action) => [action, { exit, log: 'ok', values: { coverage: '80%' } }])),
    }));
    await check.save();
    return made.actions.map(({ is, result: given }) => [is, given?.exit, given?.log, given?.values['coverage']]);
  }

  test('gives it again without a run, here and in another checkout', async () => {
    using tree = madeTree();
    expect(await result(tree, 0)).toEqual([['ran', 0, 'ok', '80%']]);
    expect(await result(tree, 0)).toEqual([['fresh', 0, 'ok', '80%']]);
    using other = new CheckedTree(tree.store);
    for (const input of work.inputs) other.write(input, input);
    expect(await result(other, 0)).toEqual([['restored', 0, 'ok', '80%']]);
  });

  test('runs again after a failure', async () => {
    using tree = madeTree();
    for (const _ of [1, 2]) expect(await result(tree, 1)).toEqual([['failed', 1, 'ok', '80%']]);
  });
});

describe('an action with observed inputs', () => {
  const observedStep = (): Step => ({
    ...stepOf(),
    outputs: [],
    actions: [actionOf({ inputs: [{ kind: 'observed' }], outputs: [], hasResult: true })],
  });

  /** Reads the file that `list` names. */
  async function check(tree: CheckedTree, meanwhile = () => {}): Promise<string> {
    const step = observedStep();
    const open = tree.open();
    const statuses = await open.lookup(step);
    await open.make(step, statuses, async (actions) => {
      meanwhile();
      const files = ['list', tree.read('list')].map((name) => tree.path(name));
      const results = new Map(actions.map((action) => [action, { exit: 0, log: '', values: {} }]));
      const observed = new Map(actions.map((action) => [action, { files, listings: [], variables: [] }]));
      return { output: '', passed: actions, results, observed };
    });
    await open.save();
    return `${statuses[0]!.is}: ${statuses[0]!.why}`;
  }

  function observedTree(store?: string): CheckedTree {
    const tree = new CheckedTree(store);
    for (const name of ['in/a', 'in/b']) tree.write(name, name);
    tree.write('list', 'in/a');
    return tree;
  }

  test('is fresh while the files it read are the same, whatever happens to other files', async () => {
    using tree = observedTree();
    await settled();
    expect(await check(tree)).toBe('stale: slipway knows what it reads only after one run');
    tree.write('in/b', 'other');
    expect(await check(tree)).toBe(FRESH);
    tree.write('in/a', 'other');
    await settled();
    expect(await check(tree)).toBe('stale: in/a changed');
    expect(await check(tree)).toBe(FRESH);
  });

  test('with two paths through the tree knows both, also in another checkout', async () => {
    using tree = observedTree();
    await settled();
    await check(tree);
    tree.write('list', 'in/b');
    await settled();
    expect(await check(tree)).toMatch(/^stale/);
    tree.write('list', 'in/a');
    expect(await check(tree)).toMatch(/^restored/);
    using other = observedTree(tree.store);
    expect(await check(other)).toMatch(/^restored/);
    other.write('list', 'in/b');
    expect(await check(other)).toMatch(/^restored/);
  });

  test('that looked below a file is fresh until the file becomes a directory', async () => {
    using tree = observedTree();
    tree.write('list', 'in/a/below');
    await settled();
    await check(tree);
    expect(await check(tree)).toBe(FRESH);
    rmSync(tree.path('in/a'));
    tree.write('in/a/below', 'there now');
    await settled();
    expect(await check(tree)).toBe('stale: in/a/below changed');
  });

  test('keeps nothing of changes during its run, and reports them', async () => {
    using tree = observedTree();
    await settled();
    const step = observedStep();
    const open = tree.open();
    const made = await open.make(step, await open.lookup(step), async (actions) => {
      tree.write('in/a', 'other');
      const seen = { files: [tree.path('in/a')], listings: [], variables: [] };
      return { output: '', passed: actions, observed: new Map(actions.map((action) => [action, seen])) };
    });
    expect(made.actions.map(({ why }) => why)).toEqual([
      `slipway knows what it reads only after one run; not kept: ${tree.path('in/a')} was written or removed while it ran`,
    ]);
  });

  test('runs again if a listed directory has a new file, a missing file appears, or a variable changes', async () => {
    using tree = observedTree();
    const look = async (environment: Record<string, string>): Promise<string> => {
      const step = observedStep();
      const open = tree.open({ environment });
      const statuses = await open.lookup(step);
      await open.make(step, statuses, async (actions) => {
        const seen = {
          files: [tree.path('config'), '/proc/cpuinfo', `${environment['HOME']}/.config`],
          listings: [tree.path('in')],
          variables: ['LANG', 'HOME'],
        };
        const results = new Map(actions.map((action) => [action, { exit: 0, log: '', values: {} }]));
        return { output: '', passed: actions, results, observed: new Map(actions.map((action) => [action, seen])) };
      });
      await open.save();
      return `${statuses[0]!.is}: ${statuses[0]!.why}`;
    };
    await settled();
    await look({ LANG: 'C', HOME: '/a' });
    expect(await look({ LANG: 'C', HOME: '/b' })).toBe(FRESH);
    expect(await look({ HOME: '/a' })).toBe('stale: variable LANG changed');
    tree.write('in/c', 'new');
    await settled();
    expect(await look({ HOME: '/a' })).toBe('stale: what is in in changed');
    tree.write('config', '');
    await settled();
    expect(await look({ HOME: '/a' })).toBe('stale: config changed');
    expect(await look({ HOME: '/a' })).toBe(FRESH);
  });

  test('keeps nothing if a path it looked for was removed during the run', async () => {
    using tree = observedTree();
    tree.write('in/sub/gone', '');
    await settled();
    const step = observedStep();
    const open = tree.open();
    const made = await open.make(step, await open.lookup(step), async (actions) => {
      rmSync(tree.path('in/sub'), { recursive: true });
      const seen = { files: [tree.path('in/sub/gone')], listings: [], variables: [] };
      return { output: '', passed: actions, observed: new Map(actions.map((action) => [action, seen])) };
    });
    expect(made.actions[0]!.why).toMatch(/not kept: .*gone was written or removed while it ran/);
  });

  test('keeps nothing of changes during its run', async () => {
    using tree = observedTree();
    await settled();
    await check(tree, () => tree.write('in/a', 'in/a'));
    expect(await check(tree)).toMatch(/^stale/);
  });
});

/** A recent write may have been after the read. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40));
