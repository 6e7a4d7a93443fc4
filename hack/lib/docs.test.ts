import { expect, test } from 'vitest';
import { docs } from './docs.ts';
import { problemsOf } from './planted.ts';

const files = {
  'tools/plan/src/steps/go-build.ts': '',
  'tools/README.md': '# Map\n\n## The `layers` & arrows\n',
  'hack/verify-docs.ts': '',
};
const lookIn = (cell: string): string =>
  `# Title\n\n| I want to … | look in … |\n| --- | --- |\n| add a \`no/such\` thing | ${cell} |\n\n| other | table |\n| --- | --- |\n| a | \`no/such/file\` |\n`;

test.each<[string, string]>([
  ['a file', '`tools/plan/src/steps/go-build.ts`'],
  ['a folder', '`tools/plan/` and `tools/plan/src`'],
  ['a pattern', '`tools/<layer>/src/steps/*.ts`, `hack/verify-<x>.ts`'],
  ['choices', '`tools/{plan,README.md}`'],
  ['a word that is no path', '`slipway help`, `all`'],
])('%s in a table is found', async (_name, cell) => {
  expect(await problemsOf(docs, { ...files, 'README.md': lookIn(cell) })).toEqual([]);
});

test('a planted path that does not exist is named with its line', async () => {
  const text = lookIn('`tools/plan/src/steps/gone.ts`, `tools/{plan,gone}`');
  expect(await problemsOf(docs, { ...files, 'README.md': text })).toEqual([
    'README.md:5: `tools/plan/src/steps/gone.ts` does not exist',
    'README.md:5: `tools/{plan,gone}` does not exist',
  ]);
});

test('links to files, folders and headings resolve; planted broken ones do not', async () => {
  const text = [
    '[a](tools/README.md)',
    '[b](tools/)',
    '[c](tools/README.md#the-layers--arrows)',
    '[d](https://example.org/x)',
    '`[e](gone)`',
    '[f](gone.md)',
    '[g](tools/README.md#gone)',
    '[h](#title)',
  ];
  expect(await problemsOf(docs, { ...files, 'README.md': `# Title\n${text.join('\n')}\n` })).toEqual([
    'README.md:7: the link to gone.md leads nowhere',
    'README.md:8: tools/README.md has no heading #gone',
  ]);
});

test('a test that a document names exists; a planted name without a test is reported with its line', async () => {
  const rows = [
    '`tools/x.test.ts` "does it"',
    '`tools/x.test.ts` "somebody\'s file is refused" "does it"',
    '`tools/x.test.ts` "does nothing"',
    '`tools/gone.test.ts` "does it"',
    '`tools/x.test.ts`',
  ];
  const text = `| may try | test that shows it |\n| --- | --- |\n${rows.map((row) => `| a | ${row} |\n`).join('')}`;
  const code = "test('does it', …); test('somebody\\'s file is refused', …);";
  expect(await problemsOf(docs, { ...files, 'tools/x.test.ts': code, 'SECURITY.md': text })).toEqual([
    'SECURITY.md:5: `tools/x.test.ts` has no test "does nothing"',
    'SECURITY.md:6: `tools/gone.test.ts` does not exist',
    'SECURITY.md:7: no test of `tools/x.test.ts` is named',
  ]);
});
