import { expect, test } from 'vitest';
import { masked, printable, printableJson, printableLine } from './printable.ts';

test.each([
  ['a sequence that clears the screen', '\u001b[2J', '\\x1b[2J'],
  ['one that names the window', '\u001b]0;owned\u0007', '\\x1b]0;owned\\x07'],
  ['one in a single byte', '\u009b2J', '\\x9b2J'],
  ['a carriage return that writes over a line', 'wrong\rok   ', 'wrong\\x0dok   '],
  ['a backspace', 'a\bb', 'a\\x08b'],
  ['a letter that turns the order around', 'a\u202Etxt.exe', 'a\\u202etxt.exe'],
  ['a line that is none of ours', 'a\u2028b', 'a\\u2028b'],
])('%s is shown, not obeyed', (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('lines, tabs and letters of all languages are kept', () => {
  const text = 'größe\t日本語 😀\nשלום\n';
  expect(printable(text)).toBe(text);
  expect(printable('a\r\nb')).toBe('a\nb');
});

test('a name cannot add a second line', () => {
  expect(printableLine('x\n14 checks passed')).toBe('x\\n14 checks passed');
});

test('JSON keeps its meaning and contains no terminal control characters', () => {
  const value = { name: '\u001b[2J\u009b\u007f\u202E', url: 'https://user:secret@host/x' };
  const text = printableJson(value);
  // oxlint-disable-next-line no-control-regex
  expect(text).toMatch(/^[\u0020-\u007e]*$/);
  expect(JSON.parse(text)).toEqual({ ...value, url: 'https://***@host/x' });
});

test.each([
  ['https://user:secret@host/x', 'https://***@host/x'],
  ['https://token@host/x', 'https://***@host/x'],
  ['https://user:se@cret@host/x', 'https://***@host/x'],
  ['https://user:se/cret@host/x', 'https://***@host/x'],
  ['a=grpc://u:secret@h:1,b=https://u:secret@h', 'a=grpc://***@h:1,b=https://***@h'],
  ['tcp://user:secret@[::1]:2375', 'tcp://***@[::1]:2375'],
  ["fetch('https://u:secret@h')", "fetch('https://***@h')"],
  ['ftp://user:secret@host', 'ftp://***@host'],
  ['git+ssh://user:secret@host:22/x', 'git+ssh://***@host:22/x'],
  ['/tree/ftp:/user:secret@host/x', '/tree/ftp:/***@host/x'],
  ['user:secret@host/x', '***@host/x'],
  ['--registry=user:secret@host/x:v1', '--registry=***@host/x:v1'],
  ['user:se@cret@host', '***@host'],
  [':secret@host/x', '***@host/x'],
  ['user:se/cret@host/x', '***@host/x'],
  ['me:se:cret@10.0.0.1:5000/x', '***@10.0.0.1:5000/x'],
  ['user:secret@[::1]:5000/x', '***@[::1]:5000/x'],
  ['//user:secret@host/x', '//***@host/x'],
  ['"user:secret@host/x"', '"***@host/x"'],
  ['-X=main.from=user:secret@host,https://user:secret@host', '-X=main.from=***@host,https://***@host'],
])('the password of %s is not shown', (text, shown) => {
  expect(masked(text)).toBe(shown);
  expect(masked(text)).not.toMatch(/secret|cret|token/);
});

test.each([
  'https://proxy.example/golang.org/toolchain/@v/v0.0.1.zip',
  'http://[::1]:8080/mod/@v/list',
  'http://127.0.0.1:8080/mod/@v/list',
  'git@host:repo.git and https://host/a@b',
  'registry.example/a@sha256:00',
  'registry.example:5000/a:v1@sha256:00',
  'a:v1@sha256:00 of b:v2@sha512:00',
  'user@example.com',
  'cmd/a/main.go:3:5: write to user@example.com',
  '/go/bin:/go/pkg/mod/example.org/m@v1.2.3/x.go:7',
  'C:\\go\\pkg\\mod\\example.org\\m@v1.2.3',
  'pkg:golang/example.org/m@v1.2.3',
  'go: example.org/m@v1.2.3: reading http://proxy/m/@v/v1.2.3.mod: 404',
  'git@host:a/repo.git@v1',
  'registry.example:5000/a@b/c',
  'write to: user@example.com',
])('%s has none, and stays', (text) => {
  expect(masked(text)).toBe(text);
});

test.each(['a:b,', '://a:b'])('a long text of %s is scanned once', (piece) => {
  const text = piece.repeat(300_000);
  expect(masked(text)).toBe(text);
});
