import { appendFileSync, chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileWork, Step, StepId } from '@slipway/model';
import { openIndex } from '../index/open-index.ts';
import { type Circumstances, JudgedTree } from './fixtures/judged-tree.ts';
import { accountedFileWork, fileKeyParts, keyOf } from './key.ts';
import { seal } from '../index/fixtures/seal.ts';

const work: FileWork = { inputs: ['in/a', 'in/b', 'list'], settings: { compression: 'gzip 6' }, stored: true };

const stepOf = (more: Partial<FileWork> = {}): Step => ({
  ...{ kind: 'write', id: 'made' as StepId, title: 'made', needs: [], after: [], pool: 'io', path: '', text: '' },
  ...{ outputs: ['out/one', 'out/two'], makes: { ...work, ...more } },
});

/** What a performer does, then what the next run is told. */
async function run(tree: JudgedTree, step: Step, circumstances: Circumstances = {}): Promise<string> {
  const judge = tree.open(circumstances);
  const { is, why } = await judge.judgeFiles(step);
  if (is === 'stale') {
    circumstances.meanwhile?.();
    const text = step.makes!.inputs.map((input) => tree.read(input)).join();
    for (const output of step.outputs) tree.write(output, `${output} of ${text}`);
    if (circumstances.ends === 'killed') return `${is}: ${why}`;
    await judge.recordFiles(step);
  }
  await judge.save();
  return `${is}: ${why}`;
}

function madeTree(): JudgedTree {
  const tree = new JudgedTree();
  for (const input of work.inputs) tree.write(input, input);
  return tree;
}

interface Case {
  readonly change?: (tree: JudgedTree) => void;
  readonly under?: Circumstances;
  readonly work?: Partial<FileWork>;
  readonly is: string;
}

const FRESH = 'fresh: nothing it is made of changed';

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
    work: { stored: false },
    is: 'stale: out/two is gone',
  },
  'an output written to': {
    change: (tree) => appendFileSync(tree.path('out/one'), 'x'),
    is: 'restored: its output was changed by somebody else',
  },
  'everything asked for': { under: { always: true }, is: 'stale: everything was asked to be made again' },
};

describe('a step that was performed, and then', () => {
  test.each(Object.entries(cases))('%s', async (_name, { change, under, work: more, is }) => {
    using tree = madeTree();
    expect(await run(tree, stepOf({ stored: more?.stored ?? true }))).toBe('stale: out/one is missing');
    const right = madeBy(tree);
    change?.(tree);
    expect(await run(tree, stepOf(more), under)).toBe(is);
    if (is.startsWith('restored')) expect(madeBy(tree)).toEqual(right);
    expect(await run(tree, stepOf(more))).toBe(FRESH);
  });
});

const madeBy = (tree: JudgedTree): string[] => stepOf().outputs.map((output) => tree.read(output));

test('an input that changed while it was read: nothing is believed of the outputs', async () => {
  using tree = madeTree();
  await run(tree, stepOf(), { meanwhile: () => appendFileSync(tree.path('in/a'), 'x') });
  expect(await run(tree, stepOf())).toMatch(/^stale: /);
  expect(await run(tree, stepOf())).toBe(FRESH);
});

test('a run that was killed leaves nothing that looks made', async () => {
  using tree = madeTree();
  await run(tree, stepOf());
  appendFileSync(tree.path('in/a'), 'x');
  await run(tree, stepOf(), { ends: 'killed' });
  expect(await run(tree, stepOf())).toBe('stale: in/a changed');
});

test('another checkout of the same content is served by the store', async () => {
  using first = madeTree();
  await run(first, stepOf());
  using second = new JudgedTree(first.store);
  for (const input of work.inputs) second.write(input, input);
  expect(await run(second, stepOf())).toBe('restored: out/one is missing');
  expect(madeBy(second)).toEqual(madeBy(first));
});

test('every field that is said to be hashed changes the key, and no other does', () => {
  using tree = madeTree();
  const index = openIndex(join(tree.base, 'key'), { root: tree.root, seal });
  const key = (more: Partial<FileWork>): string => keyOf(fileKeyParts(stepOf(more), { index, root: tree.root }));
  const other: { readonly [F in keyof FileWork]: FileWork[F] } = { inputs: ['in/a'], settings: {}, stored: false };
  for (const [field, how] of Object.entries(accountedFileWork))
    expect(key({ [field]: other[field as keyof FileWork] }) !== key({}), field).toBe(how === 'hashed');
});
