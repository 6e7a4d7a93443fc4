import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readsBefore } from './reads-before.ts';

function reads(name: string, text: string): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-before-'));
  try {
    writeFileSync(join(dir, name), `package a\n\nimport "os"\n\n${text}\n`);
    return readsBefore(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test.for([
  ['a TestMain that calls something', 'func TestMain(m *testing.M) {\n\tprepare()\n\tos.Exit(m.Run())\n}'],
  ['an init that opens a file', 'func init() {\n\tos.Open("x")\n}'],
  ['a variable that is a file', 'var golden, _ = os.ReadFile("x")'],
  ['a variable among others that is testdata', 'var (\n\ta = 1\n\tgolden = load("testdata/x")\n)'],
] as const)('%s reads before the first test', ([, text]) => expect(reads('a_test.go', text)).toBe(true));

test.for([
  [
    'a TestMain that runs the tests',
    'func TestMain(m *testing.M) {\n\t// loads nothing()\n\tflag.Parse()\n\tos.Exit(m.Run())\n}',
  ],
  ['a TestMain that looks for goroutines', 'func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }'],
  ['a test', 'func TestX(t *testing.T) {\n\ta := []int{1}\n\tos.ReadFile("testdata/x")\n}'],
  ['a method that is called init', 'func (a *b) init() {\n\tos.Open("x")\n}'],
  ['a comment', '// See os.ReadFile("testdata/x").\nvar a = 1'],
] as const)('%s does not read before the first test', ([, text]) => expect(reads('a_test.go', text)).toBe(false));

test('a TestMain outside of test files does not count', () => {
  expect(reads('a.go', 'func TestMain(m *testing.M) {\n\tprepare()\n}')).toBe(false);
});

test('a missing directory reads nothing', () => expect(readsBefore('/nowhere')).toBe(false));
