import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { memoryMemo } from '@slipway/adapters';
import type { GoBuild, GoSpan } from '@slipway/model';
import { seededRandom } from '@slipway/testing';
import type { GraphPackage } from '../graph/port.ts';
import { timeLeft } from './time-left.ts';
import { readTook, writeTook } from './took.ts';
import { WorkState } from './work-state.ts';

/** For each package of Kubernetes' commands, its compile milliseconds and imports; for each command, its link time. */
const recorded = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, '../../../bench/recordings/kubernetes.json.gz'))).toString(),
) as {
  readonly packages: readonly (readonly [number, number, number, number, readonly number[]])[];
  readonly commands: readonly { readonly name: string; readonly main: number; readonly link: number }[];
};
const JOBS = 2;
const nameOf = (one: number): string => `p${one}`;
const packages = new Map(
  recorded.packages.map(([, , , , imports], one): [string, GraphPackage] => [
    nameOf(one),
    { importPath: nameOf(one), imports: imports.map(nameOf) } as unknown as GraphPackage,
  ]),
);
const links = recorded.commands.map(({ name, main }) => ({ importPath: nameOf(main), outputs: [name] }));
const build = { platform: 'linux/amd64', cgo: false, flags: ['build'] } as unknown as GoBuild;

/** Simulates a first build. `tookOf` gives the duration of each item, and a fixed number run in parallel. */
function replay(tookOf: (span: Pick<GoSpan, 'name' | 'is'>, recorded: number) => number): GoSpan[] {
  const works = [
    ...recorded.packages.map(([cpu, , , , imports], one) => ({
      name: nameOf(one),
      is: 'compile' as const,
      cpu,
      needs: imports,
    })),
    ...recorded.commands.map(({ main, link }) => ({
      name: nameOf(main),
      is: 'link' as const,
      cpu: link,
      needs: [main],
    })),
  ];
  const ends = new Map<number, number>();
  const waiting = new Set(works.keys());
  const running: { one: number; to: number }[] = [];
  const spans: GoSpan[] = [];
  for (let now = 0; waiting.size > 0 || running.length > 0;) {
    for (const one of waiting) {
      if (running.length === JOBS) break;
      const { name, is, cpu, needs } = works[one]!;
      if (!needs.every((need) => (ends.get(need) ?? Infinity) <= now)) continue;
      waiting.delete(one);
      const to = now + Math.max(1, tookOf({ name, is }, cpu));
      running.push({ one, to });
      spans.push({ name, is, from: now, to });
    }
    running.sort((a, b) => a.to - b.to);
    const { one, to } = running.shift()!;
    ends.set(one, to);
    now = to;
  }
  return spans;
}

test.each([
  ['as fast as before', 1],
  ['half as fast', 2],
  ['twice as fast', 0.5],
])(
  'a cold build of Kubernetes, %s: the count never goes back, and after a third the end is told within thirty percent',
  (_, slower) => {
    const memo = memoryMemo();
    writeTook(memo, build, { spans: replay((_span, cpu) => cpu), isLibrary: () => false });
    const took = readTook(memo, build)!;
    // Runs vary: each duration is multiplied by a factor between 0.5 and 1.5.
    const random = seededRandom('replay', '16');
    const spans = replay((_span, cpu) => cpu * slower * (0.5 + random.below(1000) / 1000));
    const total = Math.max(...spans.map(({ to }) => to));
    const state = new WorkState(packages, links, JOBS);
    const told: { done: number; wrong: number }[] = [];
    let next = 0;
    for (let now = 0; now < total; now += total / 60) {
      for (; next < spans.length && spans[next]!.from <= now; next++)
        if (spans[next]!.is === 'compile') state.begin(spans[next]!.name, spans[next]!.from);
      for (const link of state.linksAhead())
        if (spans.some(({ name, is, to }) => is === 'link' && name === link.importPath && to <= now))
          state.noteLinked(link);
      const end = now + timeLeft({ state, took, since: 0, now });
      told.push({ done: state.counts.done, wrong: Math.abs(end - total) / total });
    }
    const counts = told.map(({ done }) => done);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBeGreaterThan(0.9 * packages.size);
    const afterAThird = told.slice(told.length / 3).map(({ wrong }) => wrong);
    expect(Math.max(...afterAThird)).toBeLessThan(0.3);
  },
);
