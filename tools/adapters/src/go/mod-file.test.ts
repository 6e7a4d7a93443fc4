import { expect, test } from 'vitest';
import { FailureError } from '@slipway/model';
import { parseGoMod, parseGoWork } from './mod-file.ts';

test('a go.mod with every directive is parsed', () => {
  const text = `// Deprecated: use another
module example.org/mono // the root

go 1.21.5
toolchain go1.22.1

require (
	example.org/a v1.0.0
	example.org/b v1.2.3 // indirect
)
require example.org/c v0.0.0-20200101000000-abcdefabcdef
exclude ( example.org/a v0.9.0 )
replace example.org/a => ./staging/src/example.org/a
retract [v1.0.0, v1.1.0] // broken
godebug default=go1.21
tool example.org/c/cmd
tool (
	example.org/d // why
)
ignore ./web
`;
  expect(parseGoMod(text, 'go.mod')).toEqual({
    module: 'example.org/mono',
    go: '1.21.5',
    toolchain: '1.22.1',
    tools: ['example.org/c/cmd', 'example.org/d'],
    ignore: ['./web'],
  });
});

test.each([
  ['module "example.org/quoted"', { module: 'example.org/quoted', go: undefined, toolchain: undefined }],
  ['module `example.org/raw`\r\ngo 1.20\r\n', { module: 'example.org/raw', go: '1.20', toolchain: undefined }],
  [
    'module (\n\texample.org/block\n)\ntoolchain default',
    { module: 'example.org/block', go: undefined, toolchain: undefined },
  ],
  ['module a\ngo 1.21rc2', { module: 'a', go: '1.21rc2', toolchain: undefined }],
  ['module a\nrequire ()\nignore (\n)\n', { module: 'a', go: undefined, toolchain: undefined }],
])('a go.mod with %j is parsed', (text, expected) =>
  expect(parseGoMod(text, 'go.mod')).toEqual({ tools: [], ignore: [], ...expected }),
);

test.each([
  ['', 'go.mod', 'there is no module line'],
  ['module', 'go.mod:1', 'module takes one argument, not 0'],
  ['module a b', 'go.mod:1', 'module takes one argument, not 2'],
  ['module a\nmodule b', 'go.mod:2', 'a second module line'],
  ['module a\n\nrequire (\n\tb v1.0.0\n', 'go.mod:3', 'the parenthesis of require is never closed'],
  ['module a\n)', 'go.mod:2', 'expected a directive such as module, go or require, found )'],
  ['module a\n<<<<<<< HEAD\ngo 1.20', 'go.mod:2', 'expected a directive such as module, go or require, found <<<<<<<'],
  ['module "a', 'go.mod:1', 'a quotation mark is never closed'],
  ['module a\ngo v1.20', 'go.mod:2', 'go v1.20 is no Go version'],
  ['module a\ngo 1.20\ngo 1.21', 'go.mod:3', 'a second go line'],
])('a go.mod with %j is refused', (text, file, fact) => {
  expect(() => parseGoMod(text, 'go.mod')).toThrow(new FailureError({ code: 'BAD_GO_MOD', file, fact }));
});

test('a go.work is parsed', () => {
  const text =
    'go 1.22\n\ntoolchain go1.22.3\n\nuse .\nuse (\n\t./staging/src/example.org/a // one\n\t"./with space"\n)\nreplace x => y\n';
  expect(parseGoWork(text, 'go.work')).toEqual({
    use: ['.', './staging/src/example.org/a', './with space'],
    go: '1.22',
    toolchain: '1.22.3',
  });
  expect(() => parseGoWork('use (\n\ta b\n)', 'go.work')).toThrow('go.work:2: use takes one argument, not 2');
});

test('large files are parsed quickly', () => {
  const text = `module a\nrequire (\n${'\texample.org/a v1.0.0 // indirect\n'.repeat(20_000)})\n`;
  const before = process.cpuUsage();
  parseGoMod(text, 'go.mod');
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
});
