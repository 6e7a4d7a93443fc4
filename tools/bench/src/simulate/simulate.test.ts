import { describe, expect, test } from 'vitest';
import { type ClusterModel, simulate } from './cluster.ts';
import { studyPage } from './page.ts';
import type { RecordedPackage, Recording } from './recording.ts';
import { defaults, study } from './study.ts';
import { workOf } from './tasks.ts';

const MEGABYTE = 1e6;

/** Four commands over one library: a second for each package and each link. */
const recording: Recording = {
  what: 'four commands',
  packages: [
    [1000, MEGABYTE, MEGABYTE, 10, []],
    ...Array.from({ length: 4 }, (): RecordedPackage => [1000, MEGABYTE, MEGABYTE, 10, [0]]),
  ],
  commands: [1, 2, 3, 4].map((main) => ({ name: `c${main}`, main, link: 1000, bytes: 10 * MEGABYTE })),
};

const ideal: ClusterModel = {
  ...{ workers: 1, cores: 1, workerBandwidth: 1e9, cacheBandwidth: 1e12, latency: 0, lossesPerHour: 0 },
  ...{ noticed: 1000, replaced: 2000, isShared: false, seed: '1' },
};

const seconds = (cut: 'command' | 'shared' | 'package', more: Partial<ClusterModel> = {}): number =>
  Math.round(
    simulate(workOf(recording, 1, cut), { ...ideal, isShared: cut === 'shared', ...more }).milliseconds / 100,
  ) / 10;

describe('a simulated cluster', () => {
  test('compiles shared packages once on one worker, and once on each of four, which are as fast as the longest command', () => {
    expect(seconds('command')).toBe(9);
    expect(seconds('command', { workers: 4 })).toBe(3);
    expect(seconds('command', { workers: 1000 })).toBe(3);
    expect(simulate(workOf(recording, 1, 'command'), { ...ideal, workers: 4 }).twice).toBe(3000);
  });

  test('starts the action of a package after those of its imports', () => {
    expect(seconds('package')).toBe(9);
    expect(seconds('package', { workers: 1000 })).toBe(3);
    expect(seconds('package', { workers: 2 })).toBe(5);
  });

  test('is faster with more cores down to the longest chain of imports, except for links', () => {
    expect(seconds('command', { workers: 4, cores: 100 })).toBe(3);
  });

  test('charges latency and bandwidth', () => {
    expect(seconds('command', { workers: 4, latency: 500 })).toBe(3.5);
    // 2 MB of sources and 10 MB of a binary, each way at 1 MB/s: in parallel if each has its own line, or else one
    // after the other.
    expect(seconds('command', { workers: 4, workerBandwidth: 1, cacheBandwidth: 4 })).toBe(15);
    expect(seconds('command', { workers: 4, workerBandwidth: 1, cacheBandwidth: 1 })).toBe(48);
  });

  test('repeats the action of a lost worker without its cache, finishes, and gives the same result for the same seed', () => {
    const lossy = { ...ideal, workers: 4, lossesPerHour: 600 };
    const result = simulate(workOf(recording, 5, 'command'), lossy);
    expect(result.lost).toBeGreaterThan(0);
    expect(result.actions).toBe(20 + result.lost);
    expect(simulate(workOf(recording, 5, 'command'), lossy)).toEqual(result);
  });

  test('a page shows every cut and number of workers, and runs nothing', () => {
    const page = studyPage(study(recording, { ...defaults, platforms: 2 }));
    expect(page).not.toContain('<script');
    expect(page.match(/<svg /g)).toHaveLength(6);
    expect(page.match(/<tr>/g)).toHaveLength(1 + 3 * 10);
  });
});
