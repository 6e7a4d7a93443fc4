import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { repo } from '../src/repo-rig.ts';

const repository = resolve(import.meta.dirname, '../../..');

test('a checkout of slipway in a directory with a space, % and ä builds', async () => {
  await using tree = repo('plain');
  const directory = mkdtempSync(join(tmpdir(), 'slipway 100% ä '));
  try {
    const cli = join(directory, 'tools/cli');
    mkdirSync(cli, { recursive: true });
    for (const part of ['package.json', 'src'])
      cpSync(join(repository, 'tools/cli', part), join(cli, part), { recursive: true });
    symlinkSync(join(repository, 'node_modules'), join(directory, 'node_modules'));
    const slipway = (): string =>
      execFileSync(process.execPath, [join(cli, 'src/main.ts'), '-C', tree.path('.'), 'all'], {
        encoding: 'utf8',
        env: tree.env,
      });
    expect(slipway()).toMatch(/^done in/m);
    expect(slipway()).toMatch(/nothing changed/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
