import { expect, test } from 'vitest';
import { spansOf } from './spans.ts';

const at = (milliseconds: number): string => new Date(performance.timeOrigin + milliseconds).toISOString();
const action = (
  ID: number,
  Mode: string,
  Package: string,
  [from, to]: [number, number],
  Deps: number[] = [],
  Cmd = ['x'],
) => ({
  ...{ ID, Mode, Package, Deps, Cmd, TimeStart: at(from), TimeDone: at(to) },
});

test("the spans have Go's runs with times, without cached results, and mark the critical path", () => {
  const spans = spansOf([
    action(0, 'link', 'main', [900, 1200], [1]),
    action(1, 'build', 'main', [600, 900], [2, 3, 4]),
    action(2, 'build', 'a', [0, 600]),
    action(3, 'build', 'b', [0, 300]),
    action(4, 'build', 'kept', [0, 10], [], []),
    action(5, 'vet', 'a', [0, 10]),
  ]);
  expect(spans.map(({ name, is, from, to, critical }) => [name, is, to - from, critical === true])).toEqual([
    ['main', 'link', 300, true],
    ['main', 'compile', 300, true],
    ['a', 'compile', 600, true],
    ['b', 'compile', 300, false],
  ]);
});
