import { expect, test } from 'vitest';
import { parseGoModule } from './go-mod.ts';

test('parseGoMod reads the module and its requires, in blocks and single lines, without comments and replacements', () => {
  const text = `// comment
module example.org/components

go 1.26.0

require (
	example.org/a v0.0.0
	"example.org/b" v1.2.3 // indirect
)

require example.org/c v0.0.0

replace example.org/a => ../a

exclude (
	example.org/d v1.0.0
)
`;
  expect(parseGoModule(text)).toEqual({
    module: 'example.org/components',
    requires: ['example.org/a', 'example.org/b', 'example.org/c'],
  });
});
