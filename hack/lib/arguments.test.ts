import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from './check.ts';

interface Ended {
  readonly exit: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (script: string, word: string): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join('hack', script), word], { cwd: repositoryRoot }, (error, stdout, stderr) =>
      resolve({ exit: error?.code ?? 0, stdout, stderr }),
    );
  });

test('a script answers --help with one line of usage, and does not take it for a name', async () => {
  const scripts = readdirSync(join(repositoryRoot, 'hack')).filter((name) => /^[a-z-]+\.ts$/.test(name));
  expect(scripts).toContain('build-package.ts');
  const ended = await Promise.all(scripts.map(async (script) => [script, await run(script, '--help')] as const));
  for (const [script, { exit, stdout, stderr }] of ended)
    expect([script, exit, stdout, stderr]).toEqual([script, 2, '', expect.stringMatching(/^usage: .*\n$/)]);
});
