import { describe, expect, test } from 'vitest';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { repo } from '../src/repo-rig.ts';

const rules = (allowed: string): string => `rules:
  - selectorRegexp: plain[.]example
    allowedPrefixes: ["${allowed}"]
`;
const restrictions = (allowed: string): string => `- baseImportPath: "./cmd/"
  allowedImports:
  - ${allowed}
`;
const restrictionsFile = 'staging/publishing/import-restrictions.yaml';

describe('import restrictions', () => {
  test('both formats, at once and by name, and an edit is noticed', async () => {
    await using tree = repo('plain');
    expectDone(await tree.slipway(['verify-imports']));
    tree.write({
      'cmd/.import-restrictions': rules('plain.example/plain/pkg'),
      [restrictionsFile]: restrictions('plain.example/plain'),
    });
    const both = await tree.slipway(['verify-imports']);
    expect(both).toMatchObject({ exit: 4, stderr: '' });
    expect(both.stdout.match(/^(ok|failed) +\S+/gm)).toEqual(['failed    import-boss', 'failed    imports']);
    expect(both.stdout).toContain(
      'plain.example/plain/cmd/a imports plain.example/words: not among the allowed prefixes (cmd/.import-restrictions)',
    );
    expect(both.stdout).toContain(`plain.example/words: not among allowedImports of ./cmd/ (${restrictionsFile})`);

    tree.write({ 'cmd/.import-restrictions': rules('plain.example') });
    expectDone(await tree.slipway(['verify-imports', 'WHAT=import-boss']));
    expect((await tree.slipway(['verify-imports', 'WHAT=imports'])).exit).toBe(4);

    tree.write({ 'pkg/.import-restrictions': rules('nobody.example') });
    expectDone(await tree.slipway(['verify-imports', 'WHAT=import-boss']));
    const version = tree.read('pkg/version/version.go');
    tree.write({
      'pkg/version/version.go': `${version}\nimport _ "plain.example/words"\n`.replace(
        /(package \w+\n)([^]*)\n(import _ .*)\n$/,
        '$1\n$3\n$2',
      ),
    });
    const edited = await tree.slipway(['verify-imports', 'WHAT=import-boss']);
    expect(edited.stdout).toContain('plain.example/plain/pkg/version imports plain.example/words');
  });

  test("Go's library, tests in a package of their own, what is imported through others, who imports", async () => {
    await using tree = repo('plain');
    tree.write({
      'pkg/leaf/leaf.go': 'package leaf\n\nimport _ "os/exec"\n',
      'pkg/leaf/leaf_test.go': 'package leaf_test\n\nimport _ "net/http"\n',
      'pkg/over/over.go': 'package over\n\nimport _ "plain.example/plain/pkg/leaf"\n',
      'pkg/top/top.go': 'package top\n\nimport _ "plain.example/plain/pkg/over"\n',
      'pkg/leaf/.import-restrictions': `rules:
  - {selectorRegexp: "^[a-z]+(/|$)", allowedPrefixes: [testing]}
inverseRules:
  - {selectorRegexp: "", forbiddenPrefixes: [plain.example/plain/pkg/top], transitive: true}
  - {selectorRegexp: "", allowedPrefixes: [plain.example]}
`,
      'pkg/top/.import-restrictions': `rules:
  - {selectorRegexp: "leaf$", forbiddenPrefixes: [""], transitive: true}
`,
    });
    const { stdout, exit } = await tree.slipway(['verify-imports', 'WHAT=import-boss']);
    expect(stdout.match(/(?<=\/pkg\/)\w+ imports \S+(?=: )/g)).toEqual([
      'leaf imports net/http',
      'leaf imports os/exec',
      'top imports plain.example/plain/pkg/leaf',
      'top imports plain.example/plain/pkg/leaf',
    ]);
    expect(exit).toBe(4);
    tree.write({
      'hack/verify-import-boss.sh': '#!/usr/bin/env bash\npackages=(\n  "plain.example/plain/pkg/over/..."\n)\n',
    });
    expectDone(await tree.slipway(['verify-imports', 'WHAT=import-boss']));
  });

  test('a base behind a link of vendor/ is the module in staging/', async () => {
    await using tree = repo('vendored');
    const base = '- baseImportPath: "./vendor/shape.example/component-base/"\n  allowedImports: []\n';
    tree.write({
      [restrictionsFile]: base,
      'staging/src/shape.example/component-base/use/use.go':
        'package use\n\nimport _ "shape.example/component-base/version"\n',
    });
    const ended = await tree.slipway(['verify-imports', 'WHAT=imports']);
    expect(ended.stdout).toContain('component-base/use imports shape.example/component-base/version');
    expect(ended.exit).toBe(4);
  });

  test.each([
    ['cmd/.import-restrictions', 'rules: [', 'cmd/.import-restrictions'],
    ['cmd/.import-restrictions', 'rulez: []', 'rulez is not a field; there are rules'],
    ['cmd/.import-restrictions', 'rules: [{selectorRegexp: "("}]', 'Invalid regular expression'],
    [
      'cmd/.import-restrictions',
      'rules: [{selectorRegexp: "(?i)a"}]',
      "syntax of Go's regular expressions that slipway does not support",
    ],
    [restrictionsFile, '- baseImportPath: ./nowhere/', './nowhere/ is no directory'],
    [restrictionsFile, 'baseImportPath: ./cmd/', 'the file is not a list'],
  ])('%s with %s', async (path, text, says) => {
    await using tree = repo('plain');
    tree.write({ [path]: text });
    expectFailure(await tree.slipway(['verify-imports']), 'BAD_CONFIG', { says });
  });

  test('a check that is none', async () => {
    await using tree = repo('plain');
    expectFailure(await tree.slipway(['verify-imports', 'WHAT=import-bos']), 'BAD_VALUE', {
      hint: 'did you mean import-boss',
    });
  });
});
