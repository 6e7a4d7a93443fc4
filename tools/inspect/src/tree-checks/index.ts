import type { TreeCheckName } from '@slipway/catalog';
import { boilerplate } from './boilerplate.ts';
import { complaint, goMod, goWork, gofmt, typecheck, vendor } from './go.ts';
import type { CheckOfTree } from './port.ts';
import { json, shellcheck, yaml } from './text.ts';

export type { CheckedTree, TreeCheckFacts, TreeProblem } from './port.ts';

const RULES = 'staging/publishing/import-restrictions.yaml';

/** The code of each row of the table. */
export const checksOfTrees: Readonly<Record<TreeCheckName, CheckOfTree>> = {
  gofmt,
  'go-mod': goMod,
  'go-work': goWork,
  vendor,
  boilerplate,
  'import-restrictions': async (tree) =>
    tree.exists(RULES) || tree.files(/^\.import-restrictions$/).length > 0
      ? complaint('.', await tree.slipway('verify-imports'))
      : [],
  yaml,
  json,
  shellcheck,
  typecheck,
  codegen: async (tree) => complaint('.', await tree.slipway('generated_files')),
};
