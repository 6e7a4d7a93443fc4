import { Problems, type Check } from './check.ts';
import { isTestFile } from './import-table.ts';
import { linesWith } from './source-text.ts';

/** Options of a test or suite, and the last argument of a hook. */
const ownTimeout = /\btimeout: [\d_]+|^\s*\}, [\d_]{4,}\);/m;

/** No test says in numbers how long it may take: `tools/testing/src/patience.ts` does, for all of them. */
export const patience: Check = (tree) => {
  const files = tree.list().filter((path) => isTestFile(path) && path.endsWith('.test.ts'));
  Problems.throwIfAny(
    files.flatMap((path) =>
      linesWith(tree.read(path), ownTimeout).map((line) => ({
        path,
        line,
        what: 'a time-out of its own; leave it out, or say patience.test + rounds * patience.round',
      })),
    ),
  );
};
