import { readSource } from './read-source.ts';
import type { Importing } from './importing.ts';

/** What a tree's own script has import-boss look at. */
export interface BossScope {
  /** Import paths; those below are meant, too. Modules of staging always are. */
  readonly trees: readonly string[];
  readonly externalTests: boolean;
}

const script = 'hack/verify-import-boss.sh';

/** Undefined for a tree without that script: all of it is looked at. */
export async function readBossScope(root: string): Promise<BossScope | undefined> {
  const text = await readSource(root, script);
  if (text === undefined) return undefined;
  const trees = [...text.matchAll(/^\s*"([\w./-]+)\/\.\.\."$/gm)].map((match) => match[1]!);
  // The flag is gengo's, whose parser reads no test in a package of its own.
  return trees.length === 0 ? undefined : { trees, externalTests: !text.includes('--include-test-files') };
}

/** Packages outside of the scope only are what is imported: they have no place, and nothing counts as theirs. */
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
