/** A check of slipway for any tree. A script of the same name in the tree's `hack/` replaces it. */
export interface TreeCheck {
  readonly name: string;
  /** The property it checks. */
  readonly holds: string;
  /** It can fix its findings; then `update` runs it, too. */
  readonly fixes: boolean;
  /** `quick-verify` runs it, too. */
  readonly quick: boolean;
}

/**
 * In the order in which they run. To add one: a row here, its condition in facts/src/tree-checks.ts, its code in
 * inspect/src/tree-checks/index.ts.
 */
export const treeChecks = [
  { name: 'gofmt', holds: 'Go files are as gofmt writes them', fixes: true, quick: true },
  { name: 'go-mod', holds: 'go.mod and go.sum are as `go mod tidy` writes them', fixes: true, quick: false },
  {
    name: 'go-work',
    holds: 'go.work names modules that are there, and Go takes them together',
    fixes: false,
    quick: true,
  },
  {
    name: 'vendor',
    holds: 'vendor/ has the packages that modules.txt and the imports name',
    fixes: false,
    quick: false,
  },
  { name: 'boilerplate', holds: 'files begin as hack/boilerplate says for their kind', fixes: false, quick: true },
  {
    name: 'import-restrictions',
    holds: 'packages import what the rules of their tree allow',
    fixes: false,
    quick: false,
  },
  { name: 'yaml', holds: 'YAML files can be read', fixes: false, quick: true },
  { name: 'json', holds: 'JSON files can be read', fixes: false, quick: true },
  {
    name: 'shellcheck',
    holds: 'shellcheck finds no errors in shell scripts; with a .shellcheckrc nothing at all',
    ...{ fixes: false, quick: false },
  },
  {
    name: 'typecheck',
    holds: 'packages and their tests have the right types on each platform',
    fixes: false,
    quick: false,
  },
  { name: 'codegen', holds: 'generated files are what their generators make now', fixes: true, quick: false },
] as const satisfies readonly TreeCheck[];

export type TreeCheckName = (typeof treeChecks)[number]['name'];
