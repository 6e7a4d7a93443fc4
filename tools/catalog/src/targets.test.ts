import { expect, test } from 'vitest';
import { findTarget, mostArguments, targets } from './targets.ts';
import { findVariable } from './variables.ts';

test.for(targets)('$name lists each of its variables once, and all of them exist', ({ variables }) => {
  const names: readonly string[] = variables;
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(names.filter((name) => findVariable(name) === undefined)).toEqual([]);
});

test('each containerized target has a planned target', () => {
  const planned = targets.flatMap((target): string[] => (target.kind === 'build' ? [target.name] : []));
  const goals = targets.flatMap((target) => ('as' in target ? [target.as] : []));
  expect(goals).toEqual(['cross', 'release']);
  expect(planned).toEqual(expect.arrayContaining(goals));
});

test('a target that builds only for this machine is quick, or loads images into its engine', () => {
  const own = targets.flatMap((target) => ('platform' in target ? [target.name] : []));
  expect(own).toEqual(['quick-release', 'quick-release-images', 'load-images']);
});

test.each<[string, string | undefined, number]>([
  ['stats', undefined, 0],
  ['why', 'cmd/kubectl', 1],
  ['cache', 'prune', 1],
  ['cache', 'show', 2],
  ['completion', 'bash', 1],
  ['completion', 'line', Number.POSITIVE_INFINITY],
  ['affected', 'tests', 1],
  ['release-publish', '_output/release-tars', 3],
  ['query', '//...', Number.POSITIVE_INFINITY],
  ['nx-cache', 'nx', Number.POSITIVE_INFINITY],
])('after %s, beginning with %s, come at most %d words', (name, first, most) => {
  expect(mostArguments(findTarget(name)!, first)).toBe(most);
});
