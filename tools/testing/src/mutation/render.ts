import {
  importPathOf,
  modulePaths,
  type Package,
  type PartFile,
  type Program,
  type TreeModel,
  wordsDir,
} from './model.ts';

/** The files of a tree, by path. */
export function renderTree(model: TreeModel): Map<string, string> {
  const files = new Map<string, string>(Object.entries(model.others));
  const add = (dir: string, name: string, lines: readonly string[]): void =>
    void files.set(`${dir}/${name}`, text(lines));
  for (const one of model.packages) {
    add(one.dir, `${one.id}.go`, packageLines(one, model));
    for (const file of one.files) add(one.dir, file.name, partLines(file, one.id));
    for (const [path, content] of Object.entries(one.assets ?? {})) add(one.dir, path, [content]);
    if (one.native !== undefined)
      for (const [name, lines] of Object.entries(nativeFiles(one, one.native))) add(one.dir, name, lines);
  }
  for (const one of model.programs) {
    const name = one.kind === 'test' ? 'e2e_test.go' : `${one.name}.go`;
    add(one.dir, name, programLines(one, model));
    if (one.kind === 'test') add(one.dir, 'e2e.go', ['// Package e2e is only there to be tested.', 'package e2e']);
    for (const file of one.files) add(one.dir, file.name, partLines(file, packageName(one)));
  }
  files.set('go.mod', moduleText(model));
  files.set(`${wordsDir}/go.mod`, text([`module ${modulePaths.words}`, '', `go ${model.goLines.words}`]));
  if (model.workspace) files.set('go.work', workspaceText(model));
  files.set(
    'pkg/version/version.go',
    text([
      '// Package version is stamped.',
      'package version',
      '',
      'var gitVersion = "none"',
      '',
      '// Get returns it.',
      'func Get() string { return gitVersion }',
    ]),
  );
  files.set('slipway.config.ts', configText(model));
  return files;
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

function packageLines(one: Package, model: TreeModel): string[] {
  const imports = importLines(one.imports, model, one.assets === undefined ? [] : ['"embed"']);
  const embedded = ['//go:embed data', 'var data embed.FS', '', '//go:embed *.tmpl', 'var templates embed.FS', ''];
  return [
    `// Package ${one.id} adds numbers.`,
    `package ${one.id}`,
    '',
    ...imports,
    '// Constant is a part of the sum of who imports it.',
    `const Constant = ${one.constant}`,
    '',
    'var sum int',
    '',
    ...(one.assets === undefined ? [] : embedded),
    ...comment('above', one.above),
    '// Sum adds all there is to n.',
    'func Sum(n int) int {',
    `\tn = n*31 + ${one.body} + sum`,
    ...uses(one.imports),
    ...(one.assets === undefined
      ? []
      : [
          '\tnames, _ := data.ReadDir("data")',
          '\tpage, _ := templates.ReadFile("page.tmpl")',
          '\tn += len(names) + len(page)',
        ]),
    ...(one.native === undefined ? [] : ['\tn = native(n)']),
    ...(model.broken === one.id ? ['\tn = missing'] : []),
    '\treturn n',
    '}',
    ...comment('below', one.below),
  ];
}

function programLines(one: Program, model: TreeModel): string[] {
  const isTest = one.kind === 'test';
  const version = isTest ? [] : [`"${modulePaths.tree}/pkg/version"`];
  return [
    `package ${packageName(one)}`,
    '',
    ...importLines(one.imports, model, [...(isTest ? ['"testing"'] : []), ...version]),
    'var sum int',
    '',
    ...comment('above', one.above),
    isTest ? 'func TestSum(t *testing.T) {' : 'func main() {',
    `\tn := ${one.body} + sum`,
    ...uses(one.imports),
    // The scope of a loop variable depends on the go line of go.mod.
    '\tvar later []func() int',
    '\tfor i := 0; i < 3; i++ {',
    '\t\tlater = append(later, func() int { return i })',
    '\t}',
    '\tfor _, f := range later {',
    '\t\tn += f()',
    '\t}',
    isTest ? '\tt.Log(n)' : '\tprintln(n, version.Get())',
    '}',
    ...comment('below', one.below),
  ];
}

function partLines({ name, constraint, value }: PartFile, packageName: string): string[] {
  const head = [...(constraint === '' ? [] : [`//go:build ${constraint}`, '']), `package ${packageName}`, ''];
  if (name.endsWith('_test.go')) return [...head, `const ${name.slice(0, name.indexOf('.'))} = ${value}`];
  return [...head, `func init() { sum += ${value} }`];
}

/** C for cgo, and the same without it. */
const nativeFiles = (one: Package, { source, header }: NonNullable<Package['native']>): Record<string, string[]> => ({
  'native.go': [
    `package ${one.id}`,
    '',
    '// #include "native.h"',
    'import "C"',
    '',
    'func native(n int) int { return int(C.more(C.int(n))) }',
  ],
  'native.h': [`#define MORE ${header}`, 'int more(int n);'],
  'native.c': ['#include "native.h"', `int more(int n) { return n + MORE + ${source}; }`],
  'plain.go': ['//go:build !cgo', '', `package ${one.id}`, '', 'func native(n int) int { return n + 1 }'],
});

export const packageName = ({ kind }: Program): string => (kind === 'test' ? 'e2e' : 'main');

function importLines(ids: readonly string[], { packages }: TreeModel, others: readonly string[]): string[] {
  const paths = ids.map((id) => `${id} "${importPathOf(packages.find((one) => one.id === id)!)}"`);
  const all = [...others, ...paths];
  return all.length === 0 ? [] : ['import (', ...all.map((path) => `\t${path}`), ')', ''];
}

const uses = (ids: readonly string[]): string[] => ids.map((id) => `\tn += ${id}.Sum(n) + ${id}.Constant`);

const comment = (what: string, lines: number): string[] =>
  Array.from({ length: lines }, (_, line) => `// Line ${line} ${what}.`);

function moduleText({ goLines, workspace }: TreeModel): string {
  const requires = ['', `require ${modulePaths.words} v0.0.0`];
  const replaces = workspace ? [] : ['', `replace ${modulePaths.words} => ./${wordsDir}`];
  return text([`module ${modulePaths.tree}`, '', `go ${goLines.tree}`, ...(workspace ? [] : requires), ...replaces]);
}

function workspaceText({ goLines }: TreeModel): string {
  const [newest] = Object.values(goLines).sort((a, b) => Number(b.split('.')[1]) - Number(a.split('.')[1]));
  return text([`go ${newest}`, '', 'use (', '\t.', `\t./${wordsDir}`, ')']);
}

function configText({ programs }: TreeModel): string {
  const targets = (names: readonly string[]): string =>
    JSON.stringify(
      programs
        .filter(({ name }) => names.includes(name))
        .map(({ dir, name, kind }) => (kind === 'test' ? `${dir}/${name}` : dir)),
    );
  return text([
    'export default {',
    '  sets: {',
    `    server: { targets: ${targets(['alpha', 'beta'])} },`,
    `    client: { targets: ${targets(['gamma', 'delta'])} },`,
    `    test: { targets: ${targets(['e2e.test'])} },`,
    '  },',
    `  static: ${JSON.stringify(staticNames.filter((name) => programs.some((one) => one.name === name)))},`,
    '};',
  ]);
}

/** Built without cgo. */
export const staticNames: readonly string[] = ['alpha', 'beta'];
