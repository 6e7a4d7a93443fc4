import type { Command, CommandSet, Environment, GoInvocation, Linkage, Platform, SetName, Tree } from '@slipway/model';
import { layouts } from '@slipway/catalog';
import { commandsInCmd } from '../conventions.ts';
import { type ModuleFacts, readGoRequirement } from '../modules.ts';
import type { ScriptAnswer } from './answer.ts';

interface ScriptTree {
  readonly root: string;
  readonly variables: Environment;
  readonly modules: ModuleFacts;
  readonly answer: ScriptAnswer;
}

/** What a tree is that knows itself by `hack/lib/golang.sh`. */
export function scriptTree({ root, variables, modules, answer }: ScriptTree): Tree {
  const { goPackage, lists } = answer;
  const { moduleMode } = modules;
  const sets = setsOf(lists);
  const targets = unique([...(lists['KUBE_ALL_TARGETS'] ?? []), ...Object.values(sets).flatMap((set) => set.targets)]);
  const listed = targets.map((target) => listedCommand(target, answer.packages[target] ?? target));
  const others = commandsInCmd({ root, moduleMode, goPackage, modules: modules.modules });
  return {
    root,
    source: 'hack/lib/golang.sh',
    goPackage,
    moduleMode,
    modules: modules.modules,
    vendored: modules.vendored,
    go: readGoRequirement(root, variables),
    sets,
    commands: [...listed, ...others.filter((other) => !listed.some((command) => command.importPath === other.importPath))],
    allTargets: unique(lists['KUBE_ALL_TARGETS'] ?? []),
    aliases: aliasesOf(answer),
    staticNames: answer.staticNames,
    coveragePackages: lists['KUBE_COVERAGE_INSTRUMENTED_PACKAGES'] ?? [],
    invocations: moduleMode === 'gopath' ? withoutModules(answer.invocations) : answer.invocations,
    platformEnvironments: answer.platformEnvironments,
    fakeGopath: answer.fakeGopath,
    stamps: answer.stamps,
    describeArgs: answer.describeArgs ?? layouts.conventions.describeArgs,
    archive: answer.archive,
    cleanPaths: layouts.kubernetes.cleanPaths,
  };
}

/** The platforms a set is supported on; which of them are built is planning's to choose. */
function setsOf(lists: ScriptAnswer['lists']): Record<SetName, CommandSet> {
  const set = (name: string, platforms = name): CommandSet => ({
    targets: unique(lists[`KUBE_${name}_TARGETS`] ?? []),
    platforms: (lists[`KUBE_SUPPORTED_${platforms}_PLATFORMS`] ?? []) as Platform[],
  });
  return { server: set('SERVER'), node: set('NODE'), client: set('CLIENT'), test: set('TEST'), 'test-server': set('TEST_SERVER', 'SERVER') };
}

const unique = (words: readonly string[]): string[] => [...new Set(words)];

/** As the scripts name it: the file after the last slash of the target; a test binary is of the package in its directory. */
function listedCommand(target: string, importPath: string): Command {
  const name = target.slice(target.lastIndexOf('/') + 1);
  if (!target.endsWith('.test')) return { name, target, importPath, kind: 'main', moduleDir: '.' };
  return { name, target, importPath: importPath.slice(0, importPath.lastIndexOf('/')), kind: 'test', moduleDir: '.' };
}

/** Words whose package does not follow from where they lie. */
function aliasesOf({ goPackage, packages }: ScriptAnswer): Record<string, string> {
  const plain = (word: string): string[] => [word, word.replace(/^vendor\//, ''), `${goPackage}/${word}`];
  return Object.fromEntries(Object.entries(packages).filter(([word, importPath]) => !plain(word).includes(importPath)));
}

/** Go before 1.16 chose GOPATH mode by itself. */
const withoutModules = (invocations: Readonly<Record<Linkage, GoInvocation>>): Record<Linkage, GoInvocation> => {
  const off = ({ argv, env }: GoInvocation): GoInvocation => ({ argv, env: { GO111MODULE: 'off', ...env } });
  return { static: off(invocations.static), cgo: off(invocations.cgo), test: off(invocations.test) };
};
