import { describe, expect, test } from 'vitest';
import type { ExecStep, StepId } from '@slipway/model';
import { checkSteps } from './check.ts';
import { outputNames, scratchDir } from './names.ts';

const step = (id: string, more: Partial<ExecStep> = {}): ExecStep => ({
  ...{ kind: 'exec', place: 'host', id: id as StepId, title: id, needs: [], after: [], outputs: [], pool: 'io' },
  ...{ argv: ['true'], cwd: '.', env: {}, unset: [], scratch: undefined, memory: 0 },
  ...more,
});

describe('a plan is refused', () => {
  test('if two steps have the same id', () => {
    expect(() => checkSteps([step('a'), step('a')])).toThrow('two steps are called a');
  });

  test('if a step needs a later step', () => {
    expect(() => checkSteps([step('a', { needs: ['b' as StepId] }), step('b')])).toThrow('does not come before it');
  });

  test('if two steps write the same file', () => {
    expect(() => checkSteps([step('a', { outputs: ['x'] }), step('b', { outputs: ['x'] })])).toThrow('both make x');
  });

  test('if two steps share a scratch directory', () => {
    expect(() => checkSteps([step('a', { scratch: 'tmp/x' }), step('b', { scratch: 'tmp/x' })])).toThrow('both make');
  });

  test("if a scratch directory contains another step's scratch directory, or an output", () => {
    const outer = step('a', { scratch: 'tmp/x' });
    expect(() => checkSteps([outer, step('b', { scratch: 'tmp/x/y' })])).toThrow('a empties tmp/x');
    expect(() => checkSteps([outer, step('b', { outputs: ['tmp/x/y'] })])).toThrow('a empties tmp/x');
    expect(() => checkSteps([outer, step('b', { scratch: 'tmp/xy' })])).not.toThrow();
  });
});

test('steps of directories that differ in one character have different scratch directories', () => {
  const names = outputNames({});
  const ids = ['vet:a-b', 'vet:a/b', 'vet:a_b', 'vet:a.b'] as StepId[];
  const steps = ids.map((id) => step(id, { scratch: scratchDir(names, id) }));
  expect(() => checkSteps(steps)).not.toThrow();
});
