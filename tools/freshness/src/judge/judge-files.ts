import { hash } from 'node:crypto';
import { basename, dirname } from 'node:path/posix';
import { setTimeout } from 'node:timers/promises';
import type { FilesVerdict, Freshness, Step } from '@slipway/model';
import type { ContentIndex } from '../index/port.ts';
import type { StoreRecord, StoredFile } from '../store/port.ts';
import { explainDifference } from './explain.ts';
import type { JudgeParts } from './judge.ts';
import { type KeyParts, fileKeyParts, keyOf } from './key.ts';
import { FILE_TICK, NO_KEY, isExecutable, pathOf } from './output-file.ts';

/** What was found out of a step before it was performed. */
interface Known {
  readonly key: string;
  readonly parts: KeyParts;
  /** Of the outputs then. */
  readonly digest: string;
}

/** Freshness of steps that make files out of files; each step is judged as a whole. */
export function makeFilesJudge(judging: JudgeParts): Pick<Freshness, 'judgeFiles' | 'recordFiles' | 'digest'> {
  const known = new Map<Step, Known>();
  return {
    judgeFiles: (step) => judgeFiles(step, judging, known),
    recordFiles: (step) => recordFiles(step, judging, known),
    digest(path) {
      const digest = judging.index.digest(pathOf(judging.root, path));
      return /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
    },
  };
}

async function judgeFiles(step: Step, judging: JudgeParts, known: Map<Step, Known>): Promise<FilesVerdict> {
  const { states, index, root, always } = judging;
  const before = states.get(step.id);
  const digest = digestOfOutputs(step, judging);
  const parts = fileKeyParts(step, { index, root });
  const key = keyOf(parts);
  known.set(step, { key, parts, digest });
  if (always) return { is: 'stale', why: 'everything was asked to be made again' };
  if (before?.key === key && before.digest === digest) return { is: 'fresh', why: 'nothing it is made of changed' };
  const why = whyStale(step, judging, parts);
  const restored = await restore(step, key, judging);
  if (restored === undefined) return { is: 'stale', why };
  index.forget(pathsOf(step, root));
  states.set(step.id, { key, digest: digestOfOutputs(step, judging), scope: restored.scope }, parts);
  return { is: 'restored', why };
}

async function recordFiles(step: Step, judging: JudgeParts, known: Map<Step, Known>): Promise<{ changed: boolean }> {
  const { states, index, root, store } = judging;
  const before = known.get(step);
  if (before === undefined) throw new Error(`${step.id} was performed without being judged`);
  const outputs = pathsOf(step, root);
  // A file that is looked at in the tick it was written in would have to be hashed again by the next run.
  await setTimeout(FILE_TICK);
  index.forget(outputs);
  const digest = digestOfOutputs(step, judging);
  const moved = index.changed((step.makes?.inputs ?? []).map((input) => pathOf(root, input)));
  states.set(step.id, { key: moved.length === 0 ? before.key : NO_KEY, digest }, before.parts);
  if (moved.length === 0 && step.makes?.stored === true)
    await store?.add(
      { key: before.key, parts: before.parts },
      outputs.map((path, i) => ({ name: storedName(path, i), path, digest: index.digest(path) })),
    );
  return { changed: digest !== before.digest };
}

const pathsOf = (step: Step, root: string): string[] => step.outputs.map((output) => pathOf(root, output));

/** Two outputs may have one base name, and a store serves trees that keep them elsewhere. */
const storedName = (path: string, i: number): string => `${i}-${basename(path)}`;

/** Content and permission to execute; one missing output makes it another one. */
const digestOfOutputs = (step: Step, { index, root }: JudgeParts): string =>
  hash(
    'sha256',
    pathsOf(step, root)
      .map((path) => `${index.digest(path)} ${isExecutable(path) ? 'x' : '-'}`)
      .join('\n'),
  );

/** All outputs or none: what is restored of a record that is then found damaged is made again. */
async function restore(step: Step, key: string, { store, root }: JudgeParts): Promise<StoreRecord | undefined> {
  if (store === undefined || step.makes?.stored !== true) return undefined;
  const record = await store.find(key);
  if (record === undefined) return undefined;
  const byName = new Map<string, StoredFile>(record.files.map((file) => [file.name, file]));
  for (const [i, path] of pathsOf(step, root).entries()) {
    const file = byName.get(storedName(path, i));
    if (file === undefined || !(await store.take(file, path))) return undefined;
  }
  return record;
}

function whyStale(step: Step, { states, index, root }: JudgeParts, parts: KeyParts): string {
  const before = states.get(step.id);
  const difference = explanation(step, { before: states.partsOf(step.id), parts }, { index, root });
  const gone = step.outputs.find((output) => index.digest(pathOf(root, output)) === 'absent');
  if (gone !== undefined && before === undefined) return `${gone} is missing`;
  if (gone !== undefined) return `${gone} is gone${difference === '' ? '' : `; ${difference}`}`;
  if (difference !== '') return difference;
  return before === undefined || before.key === NO_KEY
    ? 'it was never made here'
    : 'its output was changed by somebody else';
}

interface Explained {
  readonly before: KeyParts | undefined;
  readonly parts: KeyParts;
}

function explanation(
  step: Step,
  { before, parts }: Explained,
  { index, root }: { index: ContentIndex; root: string },
): string {
  if (before === undefined) return '';
  const learned = new Set(index.newContent());
  return explainDifference(before, parts, (dir) =>
    step.makes?.inputs.find((input) => dirname(input) === dir && learned.has(pathOf(root, input))),
  );
}
