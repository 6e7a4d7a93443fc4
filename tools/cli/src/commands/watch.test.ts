import { expect, test } from 'vitest';
import { withoutWatch } from './watch.ts';

test.each([
  ['watch kubectl --run cmd -k', true, 'kubectl -k'],
  ['-C dir watch all --run=cmd', true, '-C dir all'],
  ['kubectl --watch', true, 'kubectl'],
  ['watch test WHAT=./pkg/... --run TestX', false, 'test WHAT=./pkg/... --run TestX'],
])('%s is done by one that is told less', (typed, takesRun, expected) => {
  expect(withoutWatch(typed.split(' '), takesRun).join(' ')).toBe(expected);
});
