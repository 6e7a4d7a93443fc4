import { Problems, type Check } from './check.ts';
import { isTestFile } from './import-table.ts';
import { linesWith } from './source-text.ts';

const rules = [
  {
    // Options of a test or suite, and the last argument of a hook.
    pattern: /\btimeout: [\d_]+|^\s*\}, [\d_]{4,}\);/m,
    what: 'a time-out of its own; leave it out, or say timeouts.test + rounds * timeouts.round',
  },
  {
    pattern: /\.(?:skipIf|runIf)\(|\b(?:test|it|describe)\.(?:skip|todo)\(/,
    what: 'skipped without a reason; say { skip: why !== undefined, meta: { why } } beside its name',
  },
] as const;

const clause = /^\s*(?:test\(|\]\)\()['"`](?:what|who|whoever|where)\s.*['"`], /i;
const named = 'a name that begins with a clause; begin with a subject: "a file that is gone is removed once"';

/**
 * No test has a time limit of its own in numbers (`tools/testing/src/timeouts.ts` has them for all), a skip without a
 * reason, or a clause as the subject of its name.
 */
export const testOptions: Check = (tree) => {
  const files = tree.list().filter((path) => isTestFile(path) && path.endsWith('.ts'));
  Problems.throwIfAny(
    files.flatMap((path) => [
      ...rules.flatMap(({ pattern, what }) =>
        linesWith(tree.read(path), pattern).map((line) => ({ path, line, what })),
      ),
      ...clauses(tree.read(path)).map((line) => ({ path, line, what: named })),
    ]),
  );
};

/** Lines with such a name; names are strings, which the other rules do not read. */
const clauses = (text: string): number[] =>
  text.split('\n').flatMap((line, index) => (clause.test(line) ? [index + 1] : []));
