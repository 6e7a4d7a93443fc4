import { posix } from 'node:path';
import {
  type Command,
  type CommandSet,
  type Environment,
  FailureError,
  type GoInvocation,
  type GoRequirement,
  type Linkage,
  type Platform,
  type SetName,
  type Tree,
} from '@slipway/model';
import { generatedFilesMakefile, layouts } from '@slipway/catalog';
import { commandsInCmd, integrationTests } from '../conventions.ts';
import type { Rooted } from '../disk.ts';
import { type ModuleFacts, readGoRequirement } from '../modules.ts';
import { type PackageRoot, executableName, placeOf } from '../packages.ts';
import type { ScriptAnswer } from './answer.ts';

interface ScriptTree extends Rooted {
  readonly variables: Environment;
  readonly modules: ModuleFacts;
  readonly answer: ScriptAnswer;
}

/** A tree that is described by its `hack/lib/golang.sh`. */
export function scriptTree({ root, disk, variables, modules, answer }: ScriptTree): Tree {
  const { lists } = answer;
  const { moduleMode } = modules;
  const goPackage = answer.goPackage ?? modules.goPackage;
  if (goPackage === undefined)
    throw new FailureError({
      code: 'BAD_SCRIPT',
      file: 'hack/lib/golang.sh',
      fact: 'it sets no KUBE_GO_PACKAGE, and there is no go.mod',
    });
  const packages: PackageRoot = { root, disk, moduleMode, goPackage, modules: modules.modules };
  const sets = setsOf(lists);
  const targets = unique([...(lists['KUBE_ALL_TARGETS'] ?? []), ...Object.values(sets).flatMap((set) => set.targets)]);
  const listed = targets.map((target) => listedCommand(packages, target, answer.packages[target] ?? target));
  const others = commandsInCmd(packages);
  return {
    root,
    source: 'hack/lib/golang.sh',
    goPackage,
    moduleMode,
    modules: modules.modules,
    workFile: modules.workFile,
    vendored: modules.vendored,
    vendorByDefault: modules.vendorByDefault,
    go: withMinimum(readGoRequirement({ root, disk, variables, modules }), answer.minimumGo),
    sets,
    commands: [
      ...listed,
      ...others.filter((other) => !listed.some((command) => command.importPath === other.importPath)),
    ],
    allTargets: unique(lists['KUBE_ALL_TARGETS'] ?? []),
    aliases: aliasesOf(packages, answer.packages),
    staticNames: answer.staticNames,
    coveragePackages: lists['KUBE_COVERAGE_INSTRUMENTED_PACKAGES'] ?? [],
    invocations: moduleMode === 'gopath' ? withoutModules(answer.invocations) : answer.invocations,
    platformEnvironments: answer.platformEnvironments,
    fakeGopath: answer.fakeGopath,
    stamps: answer.stamps,
    describeArgs: answer.describeArgs ?? ['--tags', '--match=v*', '--abbrev=14'],
    archive: answer.archive,
    integration: { packages: integrationTests(packages), sets: [] },
    release: undefined,
    generatorsDir: undefined,
    makesGenerated: generatedFilesMakefile.paths.some((path) => disk.isFile(posix.join(root, path))),
    cleanPaths: layouts.kubernetes.cleanPaths,
  };
}

/** All platforms of a set. The planner selects from them. */
function setsOf(lists: ScriptAnswer['lists']): Record<SetName, CommandSet> {
  const set = (name: string, platforms = name): CommandSet => ({
    targets: unique(lists[`KUBE_${name}_TARGETS`] ?? []),
    platforms: (lists[`KUBE_SUPPORTED_${platforms}_PLATFORMS`] ?? []) as Platform[],
  });
  return {
    server: set('SERVER'),
    node: set('NODE'),
    client: set('CLIENT'),
    test: set('TEST'),
    'test-server': set('TEST_SERVER', 'SERVER'),
  };
}

const unique = (words: readonly string[]): string[] => [...new Set(words)];

/** A binary has Go's name. A test binary has the name of its target, and the package of its directory. */
function listedCommand(tree: PackageRoot, target: string, found: string): Command {
  const isTest = target.endsWith('.test');
  const path = isTest ? posix.dirname(found) : found;
  const place = (path.startsWith('./') && placeOf(tree, posix.normalize(path))) || { importPath: path, moduleDir: '.' };
  const name = isTest ? posix.basename(target) : executableName(place.importPath);
  return { name, target, kind: isTest ? 'test' : 'main', ...place };
}

/** Targets whose package does not follow from their path. */
function aliasesOf(tree: PackageRoot, packages: ScriptAnswer['packages']): Record<string, string> {
  const plain = (word: string): (string | undefined)[] => [
    word,
    `./${word}`,
    `${tree.goPackage}/${word}`,
    word.replace(/^vendor\//, ''),
    placeOf(tree, word)?.importPath,
  ];
  return Object.fromEntries(Object.entries(packages).filter(([word, importPath]) => !plain(word).includes(importPath)));
}

/** Go before 1.16 selected GOPATH mode by default. */
const withoutModules = (invocations: Readonly<Record<Linkage, GoInvocation>>): Record<Linkage, GoInvocation> => {
  const off = ({ argv, env }: GoInvocation): GoInvocation => ({ argv, env: { GO111MODULE: 'off', ...env } });
  return { static: off(invocations.static), cgo: off(invocations.cgo), test: off(invocations.test) };
};

const withMinimum = (known: GoRequirement | undefined, minimum: string | undefined): GoRequirement | undefined =>
  minimum === undefined
    ? known
    : { ...(known ?? { version: minimum, exact: false, from: 'hack/lib/golang.sh' }), minimum };
