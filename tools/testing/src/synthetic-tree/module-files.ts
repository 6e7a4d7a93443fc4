import type { SyntheticFile } from './synthetic-file.ts';
import { type SyntheticModule, type SyntheticTree, mainModulePath } from './synthetic-tree.ts';

/**
 * Files that the go command reads beside source: go.mod files, vendor/modules.txt, and the links from vendor/ to
 * staging/.
 */
export function* moduleFiles(tree: SyntheticTree): Iterable<SyntheticFile> {
  const modules = [...tree.modules].sort((a, b) => (a.path < b.path ? -1 : 1));
  const staging = modules.filter((module) => module.part === 'staging');
  const others = modules.filter((module) => module.part !== 'main');
  yield {
    path: 'go.mod',
    text: goMod(
      mainModulePath,
      others,
      staging.map((module) => `${module.path} => ./${module.dir}`),
    ),
  };
  yield { path: 'vendor/modules.txt', text: modulesTxt(tree, others, staging) };
  for (const module of staging) {
    yield { path: `vendor/${module.path}`, link: `../../${module.dir}` };
    yield { path: `${module.dir}/go.mod`, text: stagingGoMod(tree, module) };
  }
}

function goMod(path: string, requires: readonly SyntheticModule[], replaces: readonly string[]): string {
  const block = (word: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`${word} (\n${lines.map((line) => `\t${line}\n`).join('')})`];
  const parts = [
    `module ${path}`,
    'go 1.21',
    ...block(
      'require',
      requires.map((module) => `${module.path} ${module.version}`),
    ),
    ...block('replace', replaces),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A staging module finds its neighbours beside it. */
function stagingGoMod(tree: SyntheticTree, module: SyntheticModule): string {
  const ofPath = new Map(tree.packages.map((each) => [each.importPath, each.module]));
  const imports = tree.packages.filter((each) => each.module === module).flatMap((each) => each.imports);
  const needed = [...new Set(imports.map((path) => ofPath.get(path)!))]
    .filter((other) => other !== module)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const beside = needed
    .filter((other) => other.part === 'staging')
    .map((other) => `${other.path} => ../${other.path.slice(other.path.indexOf('/') + 1)}`);
  return goMod(module.path, needed, beside);
}

/** As `go mod vendor` writes it; the go command refuses to build when it does not fit go.mod. */
function modulesTxt(
  tree: SyntheticTree,
  modules: readonly SyntheticModule[],
  replaced: readonly SyntheticModule[],
): string {
  const packages = Map.groupBy(tree.packages, (each) => each.module);
  const sections = modules.map((module) => {
    const target = module.part === 'staging' ? ` => ./${module.dir}` : '';
    const list = (packages.get(module) ?? []).map((each) => each.importPath).sort();
    return [`# ${module.path} ${module.version}${target}`, '## explicit; go 1.21', ...list].join('\n');
  });
  return `${[...sections, ...replaced.map((module) => `# ${module.path} => ./${module.dir}`)].join('\n')}\n`;
}
