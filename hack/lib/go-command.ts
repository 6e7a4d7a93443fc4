import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The Go our own tests and checks use; the only place in hack/ that says where it is. */
export const goCommand = (): string => 'go';

/** Of the same toolchain, as formatting differs between versions. */
export const gofmtCommand = (): string =>
  join(execFileSync(goCommand(), ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'bin', 'gofmt');
