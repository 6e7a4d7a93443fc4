import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { goCommand } from './slipway-process.ts';

/** Pinned versions of other people's programs. */
export const servers = resolve(import.meta.dirname, '../servers');
/** Where they are kept between runs. */
export const kept = join(tmpdir(), `slipway-testing-${userInfo().uid}`);

/** A program Go builds from pinned modules the first time; of a module of several, `as` tells which. */
export function goTool(name: string, path: string, as: string = name): string {
  const module = join(servers, name);
  const program = placeOf(name, as);
  if (existsSync(program)) return program;
  mkdirSync(kept, { recursive: true });
  const made = `${program}.${process.pid}`;
  execFileSync(goCommand(), ['build', '-trimpath', '-ldflags=-s -w', '-o', made, path], {
    cwd: module,
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly', CGO_ENABLED: '0' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  renameSync(made, program);
  return program;
}

const placeOf = (name: string, as: string = name): string =>
  join(kept, `${as}-${digestOf(join(servers, name, 'go.sum'))}`);

/** As `node hack/prepare-machine.ts --cosign` builds it: no test waits for its 400 modules. `why` it is not here. */
export function cosign(): string | { readonly why: string } {
  const program = placeOf('cosign');
  return existsSync(program)
    ? program
    : { why: 'cosign takes minutes to build: node hack/prepare-machine.ts --cosign' };
}

export const buildCosign = (): string => goTool('cosign', 'github.com/sigstore/cosign/v3/cmd/cosign');

export const digestOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
