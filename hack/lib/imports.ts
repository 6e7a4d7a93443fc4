import { dirname, posix } from 'node:path';
import { Problems, type Check, type Problem } from './check.ts';
import {
  apart,
  importTable,
  isTestFile,
  portsOnly,
  restrictedWords,
  sharedLibraries,
  startsPrograms,
  testRule,
  type ImportRule,
  type RestrictedWord,
} from './import-table.ts';
import { importsOf, linesWith, type ImportStatement } from './source-text.ts';
import type { Tree } from './tree.ts';

/** Every import of tools/, build/ and hack/ is one that `import-table.ts` allows and the package's package.json declares. */
export const imports: Check = (tree) => {
  const files = tree.list().flatMap((path) => sourceFile(tree, path));
  Problems.throwIfAny([
    ...files.flatMap((file) => [...importProblems(file), ...wordProblems(file)]),
    ...undeclared(tree, files),
    ...severalImporters(files),
  ]);
};

interface SourceFile {
  readonly path: string;
  readonly owner: string;
  readonly ownerRoot: string;
  readonly isTest: boolean;
  readonly text: string;
  readonly imports: readonly ImportStatement[];
}

function sourceFile(tree: Tree, path: string): SourceFile[] {
  const [top, name] = path.split('/');
  if (!/\.m?[jt]s$/.test(path) || path.includes('/fixtures/') || name === undefined) return [];
  if (top !== 'build' && top !== 'hack' && top !== 'tools') return [];
  const owner = top === 'tools' ? name : top;
  const text = tree.read(path);
  return [
    {
      path,
      owner,
      ownerRoot: top === 'tools' ? `tools/${name}` : top,
      isTest: isTestFile(path),
      text,
      imports: importsOf(text),
    },
  ];
}

const rulesOf = (file: SourceFile): readonly ImportRule[] => {
  const rule = importTable[file.owner];
  return rule === undefined ? [] : file.isTest ? [rule, testRule] : [rule];
};

function importProblems(file: SourceFile): Problem[] {
  const rules = rulesOf(file);
  if (rules.length === 0) return [{ path: file.path, what: `${file.owner} has no row in hack/lib/import-table.ts` }];
  return file.imports.flatMap((statement) => {
    const what = refusal(file, rules, statement);
    return what === undefined ? [] : [{ path: file.path, line: statement.line, what }];
  });
}

function refusal(
  file: SourceFile,
  rules: readonly ImportRule[],
  { specifier, values }: ImportStatement,
): string | undefined {
  if (startsPrograms.modules.includes(specifier) && !file.isTest && !mayStart(file.path))
    return `${specifier} starts programs: ask tools/adapters/src/process`;
  if (specifier.startsWith('.')) {
    const target = posix.join(dirname(file.path), specifier);
    if (!target.startsWith(`${file.ownerRoot}/`))
      return `${specifier} leaves ${file.ownerRoot}; import the package by its name`;
    const isIn = (folder: string, path: string): boolean => path.startsWith(folder);
    return apart.some(([a, b]) => (isIn(a, file.path) && isIn(b, target)) || (isIn(b, file.path) && isIn(a, target)))
      ? `${specifier} is of a folder that this one knows nothing of; share what lies below both`
      : undefined;
  }
  // A package may offer one module alone, for importers that must load little.
  const sibling = /^@slipway\/([^/]+)(?:\/[a-z-]+)?$/.exec(specifier)?.[1];
  if (sibling === undefined) {
    return rules.some((rule) => rule.outside.some((allowed) => covers(allowed, specifier)))
      ? undefined
      : `${file.owner} may not import ${specifier}`;
  }
  if (!rules.some((rule) => rule.packages.includes(sibling) || rule.packages.includes('*')))
    return `${file.owner} may not import ${specifier}`;
  const pure = portsOnly[file.owner]?.[sibling];
  const effects = pure === undefined || file.isTest ? [] : values.filter((name) => !pure.includes(name));
  if (effects.length > 0)
    return `${file.owner} may import types only from ${specifier}, not ${effects.join(', ')}: the command line puts in the real ones`;
  return undefined;
}

const mayStart = (path: string): boolean => startsPrograms.folders.some((folder) => path.startsWith(folder));

const covers = (allowed: string, specifier: string): boolean =>
  allowed.endsWith('*') ? specifier.startsWith(allowed.slice(0, -1)) : specifier === allowed;

function wordProblems(file: SourceFile): Problem[] {
  const allowed = rulesOf(file).flatMap((rule) => rule.words ?? []);
  const words = Object.keys(restrictedWords) as RestrictedWord[];
  return words
    .filter((word) => !allowed.includes(word))
    .flatMap((word) => {
      const { pattern, why } = restrictedWords[word];
      return linesWith(file.text, pattern).map((line) => ({
        path: file.path,
        line,
        what: `${word} has no place in ${file.owner}: ${why}`,
      }));
    });
}

/** Nx reads the dependencies between our packages from package.json; without an entry it would not rerun a task. */
function undeclared(tree: Tree, files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ ownerRoot }) => ownerRoot.startsWith('tools/'))
    .flatMap((file) => {
      const manifest = `${file.ownerRoot}/package.json`;
      if (!tree.exists(manifest)) return [{ path: file.path, what: `${manifest} is missing` }];
      const { dependencies = {}, devDependencies = {} } = JSON.parse(tree.read(manifest)) as {
        dependencies?: object;
        devDependencies?: object;
      };
      const declared = new Set([
        ...Object.keys(dependencies),
        ...Object.keys(devDependencies),
        ...Object.keys(sharedLibraries),
      ]);
      return file.imports
        .filter(
          ({ specifier }) =>
            !specifier.startsWith('.') && !specifier.startsWith('node:') && !declared.has(packageName(specifier)),
        )
        .map(({ specifier, line }) => ({
          path: file.path,
          line,
          what: `${packageName(specifier)} is not in ${manifest}`,
        }));
    });
}

function severalImporters(files: readonly SourceFile[]): Problem[] {
  const importers = new Map<string, Map<string, string>>();
  for (const file of files) {
    for (const { specifier } of file.imports) {
      const library = packageName(specifier);
      if (file.isTest || /^(?:\.|node:|@slipway\/)/.test(specifier) || library in sharedLibraries) continue;
      const folders = importers.get(library) ?? new Map<string, string>();
      importers.set(library, folders.set(dirname(file.path), file.path));
    }
  }
  return [...importers].flatMap(([library, folders]) => {
    const [first = '', ...others] = [...folders.keys()].sort();
    return others.map((folder) => ({
      path: folders.get(folder) ?? folder,
      what: `${library} has its importer already, ${first}: ask that one`,
    }));
  });
}

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
