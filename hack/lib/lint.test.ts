import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Problems, repositoryRoot } from './check.ts';
import { lint } from './lint.ts';
import { memoryTree } from './tree.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-lint-'));
  copyFileSync(join(repositoryRoot, '.oxlintrc.json'), join(root, '.oxlintrc.json'));
});
afterEach(() => rmSync(root, { recursive: true }));

const run = (): void | Promise<void> => lint({ ...memoryTree({}), root });
const shadowed = 'const text = "a";\nexport const f = (text: string): string => text;\nexport { text };\n';

test('a shadowed name is found, with its line', () => {
  writeFileSync(join(root, 'a.ts'), shadowed);
  expect(run).toThrow(Problems);
  expect(run).toThrow(/^a\.ts:2: 'text' is already declared in the upper scope\./);
});

test.each([
  "import { a } from './a.ts';\nexport const b = a;\n",
  "import type { A } from './a.ts';\nexport type B = A;\n",
])('files that import each other are found: %j', (b) => {
  writeFileSync(join(root, 'a.ts'), "import * as b from './b.ts';\nexport type A = 1;\nexport const a = b;\n");
  writeFileSync(join(root, 'b.ts'), b);
  expect(run).toThrow(/^a\.ts:1: Dependency cycle detected/m);
  expect(run).toThrow(/^b\.ts:1: Dependency cycle detected/m);
});

test('a clean tree has no findings', () => {
  writeFileSync(join(root, 'a.ts'), shadowed.replace('(text: string): string => text', '(): string => text'));
  expect(run).not.toThrow();
});

test('an oxlint that cannot work is an error, and not an empty list of problems', () => {
  writeFileSync(join(root, '.oxlintrc.json'), '{');
  expect(run).toThrow(/^oxlint: /);
});
