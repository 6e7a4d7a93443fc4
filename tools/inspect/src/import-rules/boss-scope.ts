import { readSource } from './read-source.ts';
import type { Importing } from './importing.ts';

/** The packages that a tree's own script checks with import-boss. */
export interface BossScope {
  /** Import paths, including everything below. Modules of staging are always included. */
  readonly trees: readonly string[];
  readonly externalTests: boolean;
}

const script = 'hack/verify-import-boss.sh';

/** Undefined for a tree without that script: everything is checked. */
export async function readBossScope(root: string): Promise<BossScope | undefined> {
  const text = await readSource(root, script);
  if (text === undefined) return undefined;
  const trees = [...text.matchAll(/^\s*"([\w./-]+)\/\.\.\."$/gm)].map((match) => match[1]!);
  // The flag belongs to gengo, whose parser ignores tests in a separate package.
  return trees.length === 0 ? undefined : { trees, externalTests: !text.includes('--include-test-files') };
}

/** Packages outside of the scope are only imported: they have no place and no rules. */
export function inScope(packages: readonly Importing[], scope: BossScope | undefined): readonly Importing[] {
  if (scope === undefined) return packages;
  return packages.map((one) => {
    const { importPath, place } = one;
    const meant =
      place?.startsWith('staging/') === true ||
      scope.trees.some((tree) => importPath === tree || importPath.startsWith(`${tree}/`));
    return {
      ...one,
      place: meant ? place : undefined,
      externalTestImports: scope.externalTests ? one.externalTestImports : [],
    };
  });
}
