import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { kept } from '../go-tool.ts';
import { goCommand } from '../slipway-process.ts';

/** The packages of Go's library that the builds of these tests need, by flags and platforms. */
const seeded: readonly { readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> }[] = [
  { args: ['build', '-trimpath', 'runtime/cgo', 'net', 'os/user', 'embed', 'plugin'] },
  { args: ['build', '-trimpath', 'runtime', 'embed'], env: { CGO_ENABLED: '0', GOARCH: 'arm64' } },
  { args: ['build', '-trimpath', 'runtime', 'embed'], env: { CGO_ENABLED: '0', GOOS: 'windows' } },
  { args: ['test', '-trimpath', '-c', '-o', '/dev/null', 'unicode/utf8'] },
];

/**
 * Fills a compile cache with Go's library and nothing else, so that everything of a tree is compiled and the library is not. It is made
 * by plain Go, once for each Go. Contents have their digest for a name, and Go writes no other one into them: they are linked. What
 * Go made of which inputs is copied, as Go may write that again: no build writes into another's.
 */
export function seedGoCache(into: string): void {
  const seed = join(kept, `seed-${execFileSync(goCommand(), ['env', 'GOVERSION'], { encoding: 'utf8' }).trim()}`);
  if (!existsSync(seed)) makeSeed(seed);
  const paths = namesBelow(seed);
  for (const directory of new Set(paths.map(dirname))) mkdirSync(join(into, directory), { recursive: true });
  for (const path of paths) {
    if (path.endsWith('-d')) linkSync(join(seed, path), join(into, path));
    else copyFileSync(join(seed, path), join(into, path));
  }
}

/** Removes the files that were added to a compile cache after its names were read. */
export function removeAdded(cache: string, before: readonly string[]): void {
  const had = new Set(before);
  for (const path of namesBelow(cache)) if (!had.has(path)) rmSync(join(cache, path));
}

/** Of files below a directory, relative to it. */
export const namesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));

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
