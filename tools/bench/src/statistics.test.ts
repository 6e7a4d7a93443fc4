import { describe, expect, test } from 'vitest';
import { type Sample, type Series, compareSeries, isKept, spreadOf } from './statistics.ts';

const sample = (wall: number, cpu: number): Sample => ({ wall, cpu, memory: undefined });

test.each<[number[], number]>([
  [[3], 3],
  [[4, 2], 3],
  [[9, 1, 5], 5],
  [[10, 1, 4, 2], 3],
  [[5, 4, 3, 2, 1], 3],
])('the median of %j is %d', (values, median) => {
  expect(spreadOf(values)).toEqual({ median, least: Math.min(...values), most: Math.max(...values) });
});

describe('two sides', () => {
  // The machine becomes three times slower meanwhile. In each pair slipway takes a tenth more CPU.
  const series: Series = {
    slipway: [sample(11, 22), sample(21, 44), sample(31, 66)],
    byHand: [sample(10, 20), sample(20, 40), sample(30, 60)],
  };

  test('are compared run by run', () => {
    const compared = compareSeries(series)!;
    expect(compared.cpuRatio.median).toBeCloseTo(1.1);
    expect(compared.cpuRatio.most).toBeCloseTo(1.1);
    expect(compared.wallRatio).toEqual({ median: 1.05, least: 31 / 30, most: 1.1 });
    expect(compared.wallDifference).toEqual({ median: 1, least: 1, most: 1 });
  });

  test.each([
    [{ cpuRatio: 1.11 }, true],
    [{ cpuRatio: 1.05 }, false],
    [{ cpuRatio: 1.11, wallDifference: 1 }, true],
    [{ cpuRatio: 1.11, wallDifference: 0.5 }, false],
    [{ wall: 21 }, true],
    [{ wall: 20 }, false],
    [{ wallRatio: 1.05 }, true],
    [{ wallRatio: 0.5 }, false],
    [{ wallRatio: 1.05, memory: 1 }, true],
  ])('keep the promise %j: %s', (promised, kept) => {
    expect(isKept(promised, series)).toBe(kept);
  });

  test('are not compared if there is only one, and then have no ratio', () => {
    const alone: Series = { slipway: series.slipway, byHand: [] };
    expect(compareSeries(alone)).toBeUndefined();
    expect(isKept({ cpuRatio: 2 }, alone)).toBe(false);
    expect(isKept({ wall: 30 }, alone)).toBe(true);
  });
});
