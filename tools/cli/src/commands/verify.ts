import { nearest } from '@slipway/catalog';
import { counted, FailureError, type Tree } from '@slipway/model';
import { wordsOf } from '@slipway/plan';
import { type Answer, answer } from '../answer.ts';
import { readImporting } from '../target-graph.ts';
import { inScope, readBossScope } from '../verify/boss-scope.ts';
import { bossViolations } from '../verify/import-boss.ts';
import { restrictionViolations } from '../verify/import-restrictions.ts';
import type { Importing, Violation } from '../verify/importing.ts';
import { readRestrictions, ruleFiles } from '../verify/read-rules.ts';
import type { Asking } from '../world.ts';

/** Where Kubernetes keeps the rules of importverifier. */
const restrictionsFile = 'staging/publishing/import-restrictions.yaml';

/** The checks, by the names of Kubernetes' scripts (verify-import-boss.sh, verify-imports.sh). */
const checks: Readonly<Record<string, (tree: Tree, packages: readonly Importing[]) => readonly Violation[]>> = {
  'import-boss': ({ root }, packages) => bossViolations(inScope(packages, readBossScope(root)), ruleFiles(root)),
  imports: ({ root, goPackage }, packages) =>
    restrictionViolations(packages, readRestrictions(root, restrictionsFile) ?? [], {
      file: restrictionsFile,
      domain: `${goPackage.split('/')[0]}/`,
    }),
};

/** Holds the tree to its import restrictions, in both formats, or to those WHAT names. */
export async function verify(asking: Asking): Promise<Answer> {
  const words = wordsOf(asking.line.variables['WHAT']);
  const unknown = words.filter((word) => !Object.hasOwn(checks, word));
  if (unknown.length > 0)
    throw new FailureError({
      code: 'BAD_VALUE',
      variable: 'WHAT',
      value: unknown.join(' '),
      expected: `${Object.keys(checks).join(' or ')}${hint(unknown[0]!)}`,
    });
  const tree = await asking.tree();
  const packages = await readImporting(withoutWhat(asking));
  const count = packages.filter(({ place }) => place !== undefined).length;
  const results = Object.entries(checks)
    .filter(([name]) => words.length === 0 || words.includes(name))
    .map(([name, check]) => ({ name, violations: check(tree, packages) }));
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
  const near = nearest(word, Object.keys(checks));
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** WHAT names checks here, and no packages. */
const withoutWhat = (asking: Asking): Asking => {
  const { WHAT: _, ...variables } = asking.line.variables;
  return asking.again({ words: [], variables });
};
