import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kept } from '../go-tool.ts';
import { goCommand } from '../slipway-process.ts';

/** What the builds of these tests take of Go's library, by the flags and platforms they are built with. */
const seeded: readonly { readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> }[] = [
  { args: ['build', '-trimpath', 'runtime/cgo', 'net', 'os/user', 'embed', 'plugin'] },
  { args: ['build', '-trimpath', 'runtime', 'embed'], env: { CGO_ENABLED: '0', GOARCH: 'arm64' } },
  { args: ['build', '-trimpath', 'runtime', 'embed'], env: { CGO_ENABLED: '0', GOOS: 'windows' } },
  { args: ['test', '-trimpath', '-c', '-o', '/dev/null', 'unicode/utf8'] },
];

/**
 * Fills a compile cache with Go's library and nothing else, so that everything of a tree is compiled and the library is not. It is made
 * by plain Go, once for each Go, and copied: no build writes into another's.
 */
export function seedGoCache(into: string): void {
  const seed = join(kept, `seed-${execFileSync(goCommand(), ['env', 'GOVERSION'], { encoding: 'utf8' }).trim()}`);
  if (!existsSync(seed)) makeSeed(seed);
  mkdirSync(into, { recursive: true });
  execFileSync('cp', ['-R', `${seed}/.`, into]);
}

function makeSeed(seed: string): void {
  const made = `${seed}.${process.pid}`;
  mkdirSync(join(made, 'module'), { recursive: true });
  const { PATH = '', HOME = '' } = process.env;
  writeFileSync(join(made, 'module/go.mod'), 'module seed.example/seed\n');
  for (const { args, env } of seeded)
    execFileSync(goCommand(), args, {
      cwd: join(made, 'module'),
      env: { PATH, HOME, ...env, GOCACHE: join(made, 'cache'), GOWORK: 'off', GOFLAGS: '', GOENV: 'off' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  try {
    renameSync(join(made, 'cache'), seed);
  } catch {
    // Another process was quicker.
  }
  rmSync(made, { recursive: true, force: true });
}
