import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { type Built, WatchedRepo } from '../src/watched-repo.ts';

/** A package whose test fails where this expression is "bad". */
const says = (name: string, imports: readonly string[], expression: string): Record<string, string> => ({
  [`${name}/${name}_test.go`]: `package ${name}\n\nimport (\n\t"testing"\n${imports.map((one) => `\t"${one}"\n`).join('')})\n\nfunc TestIt(t *testing.T) {\n\tif text := ${expression}; text == "bad" {\n\t\tt.Fatal(text)\n\t}\n}\n`,
});
const lib = (name: string, text: string): string => `package ${name}\n\nfunc Text() string { return "${text}" }\n`;

/** Packages whose tests ran, without the path of their module; the others were restored. */
function ran({ statuses }: Built): { passed: string[]; failed: string[] } {
  const named = (wanted: string): string[] =>
    [...statuses].flatMap(([name, { is }]) => (is === wanted ? [name.split('/').at(-1)!] : [])).sort();
  return { passed: named('ran'), failed: named('failed') };
}
const NONE = { passed: [], failed: [] };
const goCalls = ({ calls }: Built): unknown[] => calls.filter(({ program }) => program === 'go');

interface Edited {
  readonly path: string;
  readonly good: string;
  readonly bad: string;
  readonly runs: string;
}

/** Such an edit runs that package alone, which fails; undone, nothing runs. */
async function expectOnly(tree: WatchedRepo, args: readonly string[], edited: Edited): Promise<void> {
  tree.write({ [edited.path]: edited.bad });
  expect(ran(await tree.build(args))).toEqual({ passed: [], failed: [edited.runs] });
  tree.write({ [edited.path]: edited.good });
  expect(ran(await tree.build(args))).toEqual(NONE);
}

describe('in a workspace of modules, with C', unless(whyWithout('gcc')), () => {
  let tree: WatchedRepo;
  let first: Built;
  const all = ['user', 'native', 'alone', 'own'];
  const args = ['test', 'WHAT=./user ./native ./alone ./other/own'];
  const testFile = says('alone', [], '"good"')['alone/alone_test.go']!;

  beforeAll(async () => {
    tree = new WatchedRepo('empty', 'work').write({
      '.gitignore': '/_output/\n',
      'go.work': 'go 1.24\n\nuse (\n\t.\n\t./other\n)\n',
      'go.mod': 'module t.example/m\n\ngo 1.24\n',
      'other/go.mod': 'module t.example/other\n\ngo 1.24\n',
      'other/lib/lib.go': lib('lib', 'good'),
      ...says('user', ['t.example/other/lib'], 'lib.Text()'),
      ...Object.fromEntries(
        Object.entries(says('own', ['t.example/other/lib'], 'lib.Text()[:0]')).map(([path, text]) => [
          `other/${path}`,
          text,
        ]),
      ),
      'native/native.go':
        'package native\n\n// #include "text.h"\nimport "C"\n\nfunc Text() string { return C.GoString(C.text()) }\n',
      'native/text.h': 'static const char *text(void) { return "good"; }\n',
      ...says('native', [], 'Text()'),
      'alone/alone.go': 'package alone\n',
      'alone/alone_test.go': testFile,
    });
    tree.init();
    first = await tree.build(args);
  });
  afterAll(async () => tree?.[Symbol.asyncDispose]());

  test('all run at first, and none after that', async () => {
    expect(ran(first), first.stderr).toEqual({ passed: all.toSorted(), failed: [] });
    const again = await tree.build(args);
    expect({ ...ran(again), go: goCalls(again) }).toEqual({ ...NONE, go: [] });
  });

  test('a header that C includes', () =>
    expectOnly(tree, args, {
      path: 'native/text.h',
      good: 'static const char *text(void) { return "good"; }\n',
      bad: 'static const char *text(void) { return "bad"; }\n',
      runs: 'native',
    }));

  test('a test file', () =>
    expectOnly(tree, args, {
      ...{ path: 'alone/alone_test.go', good: testFile, bad: testFile.replace('"good"', '"bad"'), runs: 'alone' },
    }));

  test('a package of another module runs the tests of all modules that import it', async () => {
    tree.write({ 'other/lib/lib.go': lib('lib', 'bad') });
    expect(ran(await tree.build(args))).toEqual({ passed: ['own'], failed: ['user'] });
    tree.write({ 'other/lib/lib.go': lib('lib', 'good') });
    expect(ran(await tree.build(args))).toEqual(NONE);
  });

  test('with -race is another result, beside the one without', async () => {
    const race = ['test', 'WHAT=./alone', 'KUBE_RACE=-race'];
    expect(ran(await tree.build(race))).toEqual({ passed: ['alone'], failed: [] });
    for (const words of [args, race]) expect(ran(await tree.build(words))).toEqual(NONE);
  });
});

test('a vendored package runs the tests that import it, and no others', async () => {
  const args = ['test', 'WHAT=./user ./alone'];
  const path = 'vendor/example.org/dep/dep.go';
  await using tree = new WatchedRepo('empty', 'vendored').write({
    '.gitignore': '/_output/\n',
    'go.mod': 'module t.example/v\n\ngo 1.24\n\nrequire example.org/dep v1.0.0\n',
    'vendor/modules.txt': '# example.org/dep v1.0.0\n## explicit; go 1.24\nexample.org/dep\n',
    [path]: lib('dep', 'good'),
    ...says('user', ['example.org/dep'], 'dep.Text()'),
    ...says('alone', [], '"good"'),
  });
  tree.init();
  expect(ran(await tree.build(args))).toEqual({ passed: ['alone', 'user'], failed: [] });
  await expectOnly(tree, args, { path, good: lib('dep', 'good'), bad: lib('dep', 'bad'), runs: 'user' });
});
