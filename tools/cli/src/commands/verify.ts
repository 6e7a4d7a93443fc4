import { nearest } from '@slipway/catalog';
import { FailureError, type Tree } from '@slipway/model';
import { wordsOf } from '@slipway/plan';
import { type Answer, answer } from '../answer.ts';
import { readTargetGraph } from '../target-graph.ts';
import { bossViolations } from '../verify/import-boss.ts';
import { restrictionViolations } from '../verify/import-restrictions.ts';
import type { Importing, Violation } from '../verify/importing.ts';
import { readRestrictions, ruleFiles } from '../verify/read-rules.ts';
import type { Asking } from '../world.ts';

/** Where Kubernetes keeps the rules of importverifier. */
const restrictionsFile = 'staging/publishing/import-restrictions.yaml';

/** The checks, by the names of Kubernetes' scripts (verify-import-boss.sh, verify-imports.sh). */
const checks: Readonly<Record<string, (tree: Tree, packages: readonly Importing[]) => readonly Violation[]>> = {
  'import-boss': ({ root }, packages) => bossViolations(packages, ruleFiles(root)),
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
  const packages = importing(await readTargetGraph(withoutWhat(asking), 'with tests'));
  const results = Object.entries(checks)
    .filter(([name]) => words.length === 0 || words.includes(name))
    .map(([name, check]) => ({ name, violations: check(tree, packages) }));
  const failed = results.some(({ violations }) => violations.length > 0);
  const lines = results.flatMap(({ name, violations }) => [
    violations.length === 0
      ? `ok        ${name}  ${packages.length} packages`
      : `failed    ${name}  ${violations.length} ${violations.length === 1 ? 'import' : 'imports'}`,
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

/** The tree's own packages; a test binary's imports are those of its package's tests. */
function importing({ targets, imports }: Awaited<ReturnType<typeof readTargetGraph>>): Importing[] {
  const own = (label: string): boolean => label.startsWith('//') && !label.startsWith('//vendor/');
  const paths = (numbers: readonly number[]): string[] => numbers.map((number) => targets[number]!.importPath);
  const tests = new Map(
    targets.flatMap(({ kind, importPath }, index) =>
      kind === 'go_test' ? [[importPath.replace(/\.test$/, ''), paths(imports[index]!)] as const] : [],
    ),
  );
  return targets.flatMap(({ label, kind, importPath }, index) =>
    own(label) && kind !== 'go_test'
      ? [
          {
            importPath,
            place: label.slice(2) || '.',
            imports: paths(imports[index]!),
            testImports: tests.get(importPath) ?? [],
          },
        ]
      : [],
  );
}
