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

describe('import restrictions', { timeout: 60_000 }, () => {
  test('both formats, at once and by name, and an edit is noticed', async () => {
    await using tree = repo('plain');
    expectDone(await tree.slipway(['verify']));
    tree.write({
      'cmd/.import-restrictions': rules('plain.example/plain/pkg'),
      [restrictionsFile]: restrictions('plain.example/plain'),
    });
    const both = await tree.slipway(['verify']);
    expect(both).toMatchObject({ exit: 4, stderr: '' });
    expect(both.stdout.match(/^(ok|failed) +\S+/gm)).toEqual(['failed    import-boss', 'failed    imports']);
    expect(both.stdout).toContain(
      'plain.example/plain/cmd/a imports plain.example/words: not among the allowed prefixes (cmd/.import-restrictions)',
    );
    expect(both.stdout).toContain(`plain.example/words: not among allowedImports of ./cmd/ (${restrictionsFile})`);

    tree.write({ 'cmd/.import-restrictions': rules('plain.example') });
    expectDone(await tree.slipway(['verify', 'WHAT=import-boss']));
    expect((await tree.slipway(['verify', 'WHAT=imports'])).exit).toBe(4);

    tree.write({ 'pkg/.import-restrictions': rules('nobody.example') });
    expectDone(await tree.slipway(['verify', 'WHAT=import-boss']));
    const version = tree.read('pkg/version/version.go');
    tree.write({
      'pkg/version/version.go': `${version}\nimport _ "plain.example/words"\n`.replace(
        /(package \w+\n)([^]*)\n(import _ .*)\n$/,
        '$1\n$3\n$2',
      ),
    });
    const edited = await tree.slipway(['verify', 'WHAT=import-boss']);
    expect(edited.stdout).toContain('plain.example/plain/pkg/version imports plain.example/words');
  });

  test('a base behind a link of vendor/ is the module in staging/', async () => {
    await using tree = repo('vendored');
    const base = '- baseImportPath: "./vendor/shape.example/component-base/"\n  allowedImports: []\n';
    tree.write({
      [restrictionsFile]: base,
      'staging/src/shape.example/component-base/use/use.go':
        'package use\n\nimport _ "shape.example/component-base/version"\n',
    });
    const ended = await tree.slipway(['verify', 'WHAT=imports']);
    expect(ended.stdout).toContain('component-base/use imports shape.example/component-base/version');
    expect(ended.exit).toBe(4);
  });

  test.each([
    ['cmd/.import-restrictions', 'rules: [', 'cmd/.import-restrictions'],
    ['cmd/.import-restrictions', 'rulez: []', 'rulez is no field; there are rules'],
    ['cmd/.import-restrictions', 'rules: [{selectorRegexp: "("}]', 'Invalid regular expression'],
    [restrictionsFile, '- baseImportPath: ./nowhere/', './nowhere/ is no directory'],
    [restrictionsFile, 'baseImportPath: ./cmd/', 'the file is no list'],
  ])('%s with %s', async (path, text, says) => {
    await using tree = repo('plain');
    tree.write({ [path]: text });
    expectFailure(await tree.slipway(['verify']), 'BAD_CONFIG', { says });
  });

  test('a check that is none', async () => {
    await using tree = repo('plain');
    expectFailure(await tree.slipway(['verify', 'WHAT=import-bos']), 'BAD_VALUE', { hint: 'did you mean import-boss' });
  });
});
