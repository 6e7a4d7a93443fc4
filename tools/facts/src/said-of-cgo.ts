import { join, posix } from 'node:path';
import type { Command } from '@slipway/model';
import type { Rooted } from './disk.ts';

/** Directories whose scripts, makefiles and Dockerfiles may set CGO_ENABLED. */
const places = ['.', 'build', 'docker', 'hack', 'make', 'package', 'script', 'scripts'];
const names = /^(?:GNUm|M|m)akefile$|\.mk$|\.sh$|^Dockerfile|\.Dockerfile$|^\.goreleaser\.ya?ml$|^\.ko\.ya?ml$/;
const says = /(?<!\w)CGO_ENABLED\s*[?:]?=\s*["']?(?:\$\{CGO_ENABLED:-)?([01])\b/;

/**
 * Where the tree's own files set CGO_ENABLED=0 for their builds: `Makefile:12`. Undefined if none does, or if some set
 * 1, because the commands are then unknown.
 */
export function withoutCgo({ root, disk }: Rooted, commands: readonly Command[]): string | undefined {
  const own = commands.map(({ target }) => target);
  const modules = commands.map(({ moduleDir }) => moduleDir);
  const found: { readonly at: string; readonly value: string }[] = [];
  for (const dir of new Set([...places, ...modules, ...own])) {
    for (const name of disk.listDirectory(join(root, dir)).files.filter((file) => names.test(file))) {
      const file = posix.join(dir, name);
      for (const [index, line] of (disk.readText(join(root, file)) ?? '').split('\n').entries()) {
        // Go's race detector needs cgo in tests.
        const value = /^\s*(#|\/\/)|\bgo test\b/.test(line) ? undefined : says.exec(line)?.[1];
        if (value !== undefined) found.push({ at: `${file}:${index + 1}`, value });
      }
    }
  }
  return found.some(({ value }) => value === '1') ? undefined : found[0]?.at;
}
