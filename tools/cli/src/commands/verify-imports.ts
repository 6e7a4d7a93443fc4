import { nearest } from '@slipway/catalog';
import { importChecks } from '@slipway/inspect/import-rules';
import { counted, FailureError } from '@slipway/model';
import { wordsOf } from '@slipway/plan';
import { type Answer, answer } from '../answer.ts';
import { readImporting } from '../target-graph.ts';
import type { Asking } from '../services.ts';

/** Checks the tree's import restrictions, in both formats, or the checks that WHAT names. */
export async function verifyImports(asking: Asking): Promise<Answer> {
  const words = wordsOf(asking.line.variables['WHAT']);
  const unknown = words.filter((word) => !Object.hasOwn(importChecks, word));
  if (unknown.length > 0)
    throw new FailureError({
      code: 'BAD_VALUE',
      variable: 'WHAT',
      value: unknown.join(' '),
      expected: `${Object.keys(importChecks).join(' or ')}${hint(unknown[0]!)}`,
    });
  const tree = await asking.tree();
  const packages = await readImporting(withoutWhat(asking));
  const count = packages.filter(({ place }) => place !== undefined).length;
  const wanted = Object.entries(importChecks).filter(([name]) => words.length === 0 || words.includes(name));
  const results = await Promise.all(
    wanted.map(async ([name, check]) => ({ name, violations: await check(tree, packages) })),
  );
  const failed = results.some(({ violations }) => violations.length > 0);
  const lines = results.flatMap(({ name, violations }) => [
    violations.length === 0
      ? `ok        ${name}  ${counted(count, 'package')}`
      : `failed    ${name}  ${counted(violations.length, 'import')}`,
    ...violations.map(({ importPath, imports, file, why }) => `  ${importPath} imports ${imports}: ${why} (${file})`),
  ]);
  return answer(lines, results, failed ? 'verification' : 'done');
}

function hint(word: string): string {
  const near = nearest(word, Object.keys(importChecks));
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** WHAT names checks here, not packages. */
const withoutWhat = (asking: Asking): Asking => {
  const { WHAT: _, ...variables } = asking.line.variables;
  return asking.again({ words: [], variables });
};
