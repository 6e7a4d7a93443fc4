import { join } from 'node:path';
import { type TreeCheckName, treeChecks } from '@slipway/catalog';
import type { CheckKind, CheckScript, Environment, Platform, Tree } from '@slipway/model';
import type { Rooted } from './disk.ts';
import { findProgram } from './environment.ts';

export interface TreeChecksRequest extends Rooted {
  readonly kind: CheckKind;
  readonly quick: boolean;
  readonly tree: Tree;
  readonly platform: Platform;
  readonly environment: Environment;
  /** The program of the checks and its caller, absolute paths. */
  readonly program: readonly string[];
}

/** A check of slipway. */
export interface OwnCheck {
  readonly script: CheckScript;
  /** Undefined if it applies. */
  readonly whyNot: string | undefined;
}

/** Slipway's checks, with the reasons why some do not apply. */
export function ownChecks(request: TreeChecksRequest): OwnCheck[] {
  const { kind, quick, program, tree, platform } = request;
  const [path = '', ...words] = program;
  const platforms = [...new Set([platform, ...Object.values(tree.sets).flatMap((set) => set.platforms)])];
  const modules = tree.modules.filter(({ apart }) => apart !== true).map(({ dir }) => dir);
  return treeChecks
    .filter(({ fixes }) => path !== '' && (kind === 'verify' || fixes))
    .map((row) => ({
      script: {
        ...{ name: row.name, path, program: process.execPath },
        own: { words, facts: JSON.stringify({ check: row.name, modules, platforms, host: platform }) },
      },
      whyNot: quick && !row.quick ? 'it is not a quick one' : whyNot[row.name](request),
    }));
}

type WhyNot = (request: TreeChecksRequest) => string | undefined;

const always: WhyNot = () => undefined;
const unless = (holds: boolean, why: string): string | undefined => (holds ? undefined : why);

const withModules: WhyNot = ({ tree }) => unless(tree.moduleMode !== 'gopath', 'the tree has no go.mod');

const whyNot: Readonly<Record<TreeCheckName, WhyNot>> = {
  gofmt: always,
  'go-mod': (request) =>
    withModules(request) ?? unless(!request.tree.vendored, 'modules are vendored, which check vendor looks at'),
  'go-work': ({ tree, root }) => unless(tree.workFile?.startsWith(`${root}/`) === true, 'the tree has no go.work'),
  vendor: (request) =>
    withModules(request) ??
    unless(request.disk.isFile(join(request.root, 'vendor/modules.txt')), 'there is no vendor/modules.txt'),
  boilerplate: ({ disk, root }) =>
    unless(
      disk.listDirectory(join(root, 'hack/boilerplate')).files.some((name) => /^boilerplate\.\w+\.txt$/.test(name)),
      'there is no hack/boilerplate/boilerplate.*.txt',
    ),
  'import-restrictions': withModules,
  yaml: always,
  json: always,
  shellcheck: ({ environment, disk }) =>
    unless(findProgram('shellcheck', environment, disk) !== undefined, 'shellcheck is not on PATH'),
  typecheck: withModules,
  codegen: ({ tree }) => unless(tree.generatorsDir !== undefined, 'slipway.config.ts names no module of generators'),
};
