import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Problems, repositoryRoot } from './check.ts';

export interface GoInstallation {
  readonly go: string;
  /** Of the same toolchain, as formatting differs between versions. */
  readonly gofmt: string;
}

/** The Go our tests and checks use is the one slipway builds this repository with, downloaded if need be. */
export function findGo(): GoInstallation {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join('tools', 'cli', 'src', 'main.ts'), 'version', '--json'],
    {
      cwd: repositoryRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  if (status !== 0) throw new Problems([{ path: '.go-version', what: 'Go cannot be had; slipway says why above' }]);
  const { go } = JSON.parse(stdout) as { readonly go: { readonly command: string; readonly goroot: string } };
  return { go: go.command, gofmt: join(go.goroot, 'bin', 'gofmt') };
}
