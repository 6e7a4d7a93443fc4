import { expect, test } from 'vitest';
import { type ImportRule, type RuleFile, bossViolations } from './import-boss.ts';
import { inScope } from './boss-scope.ts';
import { restrictionViolations } from './import-restrictions.ts';
import type { Importing } from './importing.ts';

const rule = (selector: string, rest: Partial<ImportRule>): ImportRule => ({
  selector: new RegExp(selector),
  allowed: [],
  forbidden: [],
  transitive: false,
  ...rest,
});

const pkg = (name: string, imports: string[], testImports: string[] = []): Importing => ({
  importPath: `x.example/${name}`,
  place: name,
  imports: imports.map((path) => (path.startsWith('y.') ? path : `x.example/${path}`)),
  testImports: testImports.map((path) => `x.example/${path}`),
  externalTestImports: [],
});

const file = (path: string, rules: ImportRule[], inverseRules: ImportRule[] = []): RuleFile => ({
  path,
  rules,
  inverseRules,
});

const refused = (packages: Importing[], files: Readonly<Record<string, RuleFile[]>>): string[] =>
  bossViolations(packages, (place) => files[place] ?? []).map(
    (one) => `${one.importPath.slice(10)} → ${one.imports.replace('x.example/', '')} (${one.file})`,
  );

test.each<[string, RuleFile[], string[]]>([
  ['no rule matches', [file('near', [rule('^y', {})])], []],
  ['an allowed prefix', [file('near', [rule('', { allowed: ['x.example/b'] })])], []],
  ['no allowed prefix', [file('near', [rule('', { allowed: ['x.example/c'] })])], ['a → b (near)']],
  ['a forbidden prefix', [file('near', [rule('', { allowed: [''], forbidden: ['x.example/b'] })])], ['a → b (near)']],
  ['what is near allows', [file('near', [rule('', { allowed: [''] })]), file('far', [rule('', {})])], []],
  ['what is near says nothing', [file('near', []), file('far', [rule('b$', {})])], ['a → b (far)']],
  ['none of two files decides', [file('near', [rule('', {})]), file('far', [rule('', {})])], ['a → b (near)']],
  ['a later rule allows', [file('near', [rule('', {}), rule('b', { allowed: ['x.example'] })])], []],
  ['an earlier rule allows', [file('near', [rule('', { allowed: [''] }), rule('', { forbidden: [''] })])], []],
  ['half a name is no prefix', [file('near', [rule('', { allowed: ['x.exam'] })])], ['a → b (near)']],
  ['a slash at the end of a prefix', [file('near', [rule('', { allowed: ['x.example/'] })])], []],
])('%s', (_name, files, expected) => {
  expect(refused([pkg('a', ['b'])], { a: files })).toEqual(expected);
});

test('imports of tests count, but not the import of the package itself', () => {
  const files = { a: [file('near', [rule('', { allowed: ['y'] })])] };
  expect(refused([pkg('a', [], ['a', 'b'])], files)).toEqual(['a → b (near)']);
});

test('inverse rules check importers, and if transitive, indirect ones', () => {
  const packages = [pkg('top', ['middle']), pkg('middle', ['low']), pkg('low', [])];
  const inverse = (transitive: boolean): Readonly<Record<string, RuleFile[]>> => ({
    low: [file('low', [], [rule('', { transitive })])],
  });
  expect(refused(packages, inverse(false))).toEqual(['middle → low (low)']);
  expect(refused(packages, inverse(true))).toEqual(['middle → low (low)', 'top → low (low)']);
});

test('transitive rules check indirect imports', () => {
  const packages = [pkg('a', ['b'], ['t']), pkg('b', ['c']), pkg('t', ['d']), pkg('c', [])];
  const check = (transitive: boolean): string[] =>
    refused(packages, { a: [file('near', [rule('/[cd]$', { forbidden: [''], transitive })])] });
  expect(check(false)).toEqual([]);
  expect(check(true)).toEqual(['a → c (near)', 'a → d (near)']);
});

test('tests import packages but are not imported', () => {
  const packages = [pkg('top', ['middle']), pkg('middle', [], ['low']), pkg('low', [])];
  const files = { low: [file('low', [], [rule('', { transitive: true })])] };
  expect(refused(packages, files)).toEqual(['middle → low (low)']);
});

test("a package outside the script's scope may be imported and is not checked", () => {
  const packages = [pkg('a/b', ['c']), pkg('c', ['a/b'])];
  const scope = { trees: ['x.example/a'], externalTests: true };
  const files = { 'a/b': [file('near', [rule('', {})], [rule('', {})])], c: [file('far', [rule('', {})])] };
  expect(
    bossViolations(inScope(packages, scope), (place) => files[place as keyof typeof files]).map((one) => one.file),
  ).toEqual(['near']);
});

test('importverifier checks packages below a base and in the domain unless they are ignored, and their tests unless those are excluded', () => {
  const packages = [
    pkg('lib/a', ['lib/b', 'other', 'y.example/z', 'otherwise'], ['more']),
    pkg('lib/old/a', ['more']),
    pkg('library', ['more']),
  ];
  const check = (excludeTests: boolean): string[] =>
    restrictionViolations(
      packages,
      [
        {
          base: './lib/',
          place: 'lib',
          ignored: ['lib/old'],
          allowed: ['x.example/lib', 'x.example/other'],
          excludeTests,
        },
      ],
      { file: 'rules', domain: 'x.example/' },
    ).map(({ imports }) => imports);
  expect(check(false)).toEqual(['x.example/more', 'x.example/otherwise']);
  expect(check(true)).toEqual(['x.example/otherwise']);
});
