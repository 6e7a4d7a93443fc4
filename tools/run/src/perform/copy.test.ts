import { fakeOutputFiles } from '@slipway/adapters';
import type { CopyStep, Plan, StepId } from '@slipway/model';
import { expect, test } from 'vitest';
import { performCopy } from './copy.ts';
import type { Performing } from './performing.ts';

const names = ['a', 'b', 'c', 'd', 'e'];

const step: CopyStep = {
  ...{ kind: 'copy', id: 'publish' as StepId, title: 'publish', needs: [], after: [], pool: 'io' },
  outputs: names.map((name) => `to/${name}`),
  files: names.map((name) => ({ from: `from/${name}`, to: `to/${name}` })),
};

function rig(texts: Readonly<Record<string, string>>) {
  const files = fakeOutputFiles(texts);
  const plan = { root: '/t' } as Plan;
  return { files, performing: { plan, files, signal: new AbortController().signal } as unknown as Performing };
}

test('the step publishes all files and counts those that changed', async () => {
  const texts = Object.fromEntries(names.map((name) => [`/t/from/${name}`, name]));
  const { files, performing } = rig({ ...texts, '/t/to/a': 'a' });
  expect((await performCopy(step, performing)).outcome).toEqual({ is: 'ran', why: '4 of 5 changed' });
  for (const name of names) expect(files.entries.get(`/t/to/${name}`)).toEqual({ text: name });
});

test('after a failure the step starts no other copy, and none is still running', async () => {
  const { files, performing } = rig(Object.fromEntries(['b', 'c', 'd', 'e'].map((name) => [`/t/from/${name}`, name])));
  await expect(performCopy(step, performing)).rejects.toMatchObject({ failures: [{ code: 'FILE_MISSING' }] });
  const begun = files.calls.length;
  await new Promise((resolve) => setImmediate(resolve));
  expect(files.calls).toHaveLength(begun);
  expect(begun).toBeLessThan(names.length);
});
