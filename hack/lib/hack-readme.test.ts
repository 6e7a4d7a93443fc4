import { expect, test } from 'vitest';
import { hackReadme } from './hack-readme.ts';
import { memoryTree } from './tree.ts';

test('the table names every check, its rule and its correction, and the rest stays', () => {
  const tree = memoryTree({
    'hack/README.md': '# hack\n<!-- begin: written by npm run update -->\nold\n<!-- end -->\nrest\n',
    'hack/verify-a.ts': '',
    'hack/update-a.ts': '',
    'hack/verify-b.ts': '',
    'hack/lib/a.ts': '/** Other. */\nconst x = 1;\n\n/** A holds. */\nexport const a: Check = () => {};\n',
    'hack/lib/b.ts': '/**\n * B holds\n * as well.\n */\nexport const b: Check = () => {};\n',
  });
  hackReadme(tree);
  expect(tree.read('hack/README.md')).toBe(`# hack
<!-- begin: written by npm run update -->
| check | what it checks | remedy |
| --- | --- | --- |
| [a](lib/a.ts) | A holds. | \`npm run update -- a\` |
| [b](lib/b.ts) | B holds as well. | by hand |
<!-- end -->
rest
`);
});
