import { expect, test } from 'vitest';
import type { PackageResult } from '@slipway/model';
import { fromActionResult, toActionResult } from './result.ts';

test('the kept result of a package has each test, the reasons of skips, and the coverage', () => {
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
  'a file of another program instead of a result (%s) is refused',
  (tests) => {
    expect(fromActionResult('m/a', { exit: 0, log: '', values: { tests } })).toMatchObject({ tests: [], seconds: 0 });
  },
);
