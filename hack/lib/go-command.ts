import { delimiter, dirname, join } from 'node:path';
import { goRoot, goRootVariable } from '@slipway/testing/go-root';
import { Problems } from './check.ts';

export interface GoInstallation {
  readonly goroot: string;
  readonly go: string;
  /** Gofmt of the same toolchain, because formatting differs between versions. */
  readonly gofmt: string;
}

/** The Go of our tests and checks: the one that slipway builds this repository with, downloaded if needed. */
export function findGo(): GoInstallation {
  try {
    const goroot = goRoot();
    return { goroot, go: join(goroot, 'bin', 'go'), gofmt: join(goroot, 'bin', 'gofmt') };
  } catch (error) {
    throw new Problems([{ path: '.go-version', what: `Go cannot be had: ${(error as Error).message}` }]);
  }
}

/** The environment with this Go first on the PATH, for tests that say `go`. */
export const environmentWith = ({ goroot, go }: GoInstallation): NodeJS.ProcessEnv => ({
  ...process.env,
  [goRootVariable]: goroot,
  PATH: `${dirname(go)}${delimiter}${process.env['PATH'] ?? ''}`,
});
