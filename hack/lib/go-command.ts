import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { Problems, repositoryRoot } from './check.ts';

export interface GoInstallation {
  readonly goroot: string;
  readonly go: string;
  /** Of the same toolchain, as formatting differs between versions. */
  readonly gofmt: string;
}

/** Set by `hack/test.ts`, so that the tasks of one run need not look again. */
const goRootVariable = 'SLIPWAY_TEST_GOROOT';

/** The Go our tests and checks use is the one slipway builds this repository with, downloaded if need be. */
export function findGo(): GoInstallation {
  const known = process.env[goRootVariable];
  if (known !== undefined) return installationIn(known);
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
  const { go } = JSON.parse(stdout) as { readonly go: { readonly goroot: string } };
  return installationIn(go.goroot);
}

const installationIn = (goroot: string): GoInstallation => ({
  goroot,
  go: join(goroot, 'bin', 'go'),
  gofmt: join(goroot, 'bin', 'gofmt'),
});

/** The environment with this Go first on the PATH, for tests that say `go`. */
export const environmentWith = ({ goroot, go }: GoInstallation): NodeJS.ProcessEnv => ({
  ...process.env,
  [goRootVariable]: goroot,
  PATH: `${dirname(go)}${delimiter}${process.env['PATH'] ?? ''}`,
});
