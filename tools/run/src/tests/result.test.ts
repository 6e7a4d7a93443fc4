import { expect, test } from 'vitest';
import type { PackageResult } from '@slipway/model';
import { fromActionResult, toActionResult } from './result.ts';

test('what is kept of a package says each test again, with why it was skipped and what is covered', () => {
  const result: PackageResult = {
    ...{ importPath: 'm/a', is: 'pass', seconds: 1.5, output: 'coverage: 50.0% of statements\n' },
    tests: [
      { name: 'TestA', is: 'pass', seconds: 1, output: '' },
      { name: 'TestB', is: 'skip', seconds: 0, output: 'not here\n' },
    ],
  };
  expect(fromActionResult('m/a', toActionResult(result))).toEqual(result);
});

test.each(['', '{}', '["TestA"]', '[["TestA","won",1]]', '[["TestA","pass","1"]]'])(
  'what another wrote instead of tests (%s) is none of them',
  (tests) => {
    expect(fromActionResult('m/a', { exit: 0, log: '', values: { tests } })).toMatchObject({ tests: [], seconds: 0 });
  },
);
