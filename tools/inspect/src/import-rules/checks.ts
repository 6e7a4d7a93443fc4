import type { Tree } from '@slipway/model';
import { inScope, readBossScope } from './boss-scope.ts';
import { bossViolations } from './import-boss.ts';
import { restrictionViolations } from './import-restrictions.ts';
import type { Importing, Violation } from './importing.ts';
import { readRestrictions, readRuleFiles } from './read-rules.ts';

/** The file of importverifier's rules in Kubernetes. */
const restrictionsFile = 'staging/publishing/import-restrictions.yaml';

export type ImportCheck = (tree: Tree, packages: readonly Importing[]) => Promise<readonly Violation[]>;

/**
 * Checks of the imports of a tree's Go packages, by the names of Kubernetes' scripts (verify-import-boss.sh,
 * verify-imports.sh).
 */
export const importChecks: Readonly<Record<string, ImportCheck>> = {
  'import-boss': async ({ root }, packages) => {
    const scoped = inScope(packages, await readBossScope(root));
    const places = scoped.flatMap(({ place }) => place ?? []);
    return bossViolations(scoped, await readRuleFiles(root, places));
  },
  imports: async ({ root, goPackage }, packages) =>
    restrictionViolations(packages, (await readRestrictions(root, restrictionsFile)) ?? [], {
      file: restrictionsFile,
      domain: `${goPackage.split('/')[0]}/`,
    }),
};
