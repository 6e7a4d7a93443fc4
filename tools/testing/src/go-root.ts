import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Set by `hack/test.ts`: the tasks of one run, and their test files, do not look again. */
export const goRootVariable = 'SLIPWAY_TEST_GOROOT';

const repositoryRoot = resolve(import.meta.dirname, '../../..');

/**
 * GOROOT of the Go that slipway builds this repository with, downloaded if needed. Throws slipway's message if there is
 * none.
 */
export function goRoot(): string {
  const known = process.env[goRootVariable];
  if (known !== undefined) return known;
  const argv = [resolve(repositoryRoot, 'tools/cli/src/main.ts'), 'version', '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: repositoryRoot, encoding: 'utf8' });
  if (status !== 0) throw new Error(`slipway finds no Go for this repository: ${stderr}`);
  return (JSON.parse(stdout) as { readonly go: { readonly goroot: string } }).go.goroot;
}
