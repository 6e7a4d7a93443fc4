import { expect, test } from 'vitest';
import { siteFiles, siteMenu } from './site.ts';
import { memoryTree } from './tree.ts';

const readme = `# Slipway

[install](docs/install.md#types) and [outside](https://example.org/x) and \`[code](docs/none.md)\`

## Documentation

| document | what is in it |
| --- | --- |
| [installing](docs/install.md) | the packages |
| [architecture](tools/ARCHITECTURE.md), [tools](tools/README.md) | why |
`;
const files = {
  'README.md': readme,
  'docs/install.md':
    '[home](../README.md#install) [types](../tools/x.ts) [folder](examples) [tools](../tools) `{{a}}`\n',
  'docs/examples/one.ts': 'one',
  'tools/README.md': '# Tools\n',
  'tools/ARCHITECTURE.md': '# A\n',
  'tools/decisions.md': '# Decisions\n',
  'tools/x.ts': 'x',
  'tools/testing/fixtures/plain/README.md': '# Fixture\n',
};
const made = Object.fromEntries(siteFiles(memoryTree(files)).map(({ path, text }) => [path, text]));

test('a link to another document leads to its page, and a link of the web stays as it is', () => {
  expect(made['index.md']).toContain('[install](./docs/install.md#types)');
  expect(made['index.md']).toContain('[outside](https://example.org/x)');
  expect(made['index.md']).toContain('`[code](docs/none.md)`');
  expect(made['docs/install.md']).toContain('[home](../index.md#install)');
  expect(made['docs/install.md']).toContain('[tools](../tools/index.md)');
});

test('a link to a source file leads to a copy of its text, and a link to a folder leads to a list of its files', () => {
  expect(made['docs/install.md']).toContain('[types](/source/tools/x.ts.txt)');
  expect(made['public/source/tools/x.ts.txt']).toBe('x');
  expect(made['docs/install.md']).toContain('[folder](./examples/index.md)');
  expect(made['docs/examples/index.md']).toContain('[one.ts](/source/docs/examples/one.ts.txt)');
  expect(made['public/source/docs/examples/one.ts.txt']).toBe('one');
});

test('the site has no page of a fixture, and the search does not find decisions before what users look up', () => {
  expect(Object.keys(made)).not.toContain('tools/testing/fixtures/plain/index.md');
  expect(made['tools/decisions.md']).toBe('---\nsearch: false\n---\n\n# Decisions\n');
  expect(made['docs/install.md']).toContain('<code v-pre>{{a}}</code>');
});

test('the menu of the site is the table of documents in README.md', () => {
  expect(siteMenu(readme)).toEqual([
    { text: 'installing', link: '/docs/install' },
    { text: 'architecture', link: '/tools/ARCHITECTURE' },
    { text: 'tools', link: '/tools/' },
  ]);
});
