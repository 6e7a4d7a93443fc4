import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flags, targets, variables } from '@slipway/catalog';
import { expect, test } from 'vitest';
import { repositoryRoot } from './check.ts';
import { referencePages } from './reference.ts';
import { openTree } from './tree.ts';

test('both pages name every target, variable and flag, and a planted change of one is seen', async () => {
  const tree = openTree(repositoryRoot);
  tree.write('docs/reference.md', 'planted');
  await referencePages(tree);
  const [page, man] = ['docs/reference.md', 'docs/slipway.1'].map((path) => tree.read(path)) as [string, string];
  const names = [...targets, ...variables].map(({ name }) => name).concat(flags.map(({ name }) => `--${name}`));
  for (const name of names) {
    expect(page).toContain(name);
    expect(man.replaceAll('\\-', '-')).toContain(name);
  }
});

test('man shows the page without a complaint', async ({ skip }) => {
  skip(spawnSync('man', ['--version']).error !== undefined, 'man is not installed');
  const tree = openTree(repositoryRoot);
  await referencePages(tree);
  const dir = mkdtempSync(join(tmpdir(), 'slipway-man-'));
  try {
    writeFileSync(join(dir, 'slipway.1'), tree.read('docs/slipway.1'));
    const shown = execFileSync('man', ['--warnings', '-l', join(dir, 'slipway.1')], { encoding: 'utf8' });
    expect(shown).toContain('KUBE_BUILD_PLATFORMS');
  } finally {
    rmSync(dir, { recursive: true });
  }
});
