import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@slipway/testing';
import { expect, test } from 'vitest';
import { watchTree } from './watch-tree.ts';

test('the watcher reports files that are written, renamed and removed, also below new directories, and no ignored ones', async () => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-watch-'));
  mkdirSync(join(root, 'a/b'), { recursive: true });
  mkdirSync(join(root, 'out'));
  const seen = new Set<string>();
  const told = (...paths: string[]) => until(paths.join(), () => paths.every((path) => seen.has(join(root, path))));
  const watching = watchTree(root, {
    ignores: (path) => path === join(root, 'out'),
    onChange: (path) => void seen.add(path),
  });
  try {
    writeFileSync(join(root, 'a/b/x.go'), 'x');
    writeFileSync(join(root, 'out/ignored'), 'x');
    await told('a/b/x.go');
    mkdirSync(join(root, 'a/new'));
    await told('a/new');
    writeFileSync(join(root, 'a/new/y.go'), 'y');
    await told('a/new/y.go');
    renameSync(join(root, 'a/new/y.go'), join(root, 'a/z.go'));
    await told('a/z.go');
    seen.clear();
    rmSync(join(root, 'a/z.go'));
    await told('a/z.go');
    expect([...seen].filter((path) => path.includes('/out'))).toEqual([]);
  } finally {
    watching[Symbol.dispose]();
    rmSync(root, { recursive: true });
  }
});
