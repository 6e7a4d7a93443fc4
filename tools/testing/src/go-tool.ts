import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { goCommand } from './slipway-process.ts';

/** Pinned versions of other people's programs. */
export const servers = resolve(import.meta.dirname, '../servers');
/** Where they are kept between runs. */
export const kept = join(tmpdir(), `slipway-testing-${userInfo().uid}`);

/** The library's own work stays quick; the rest is compiled in two thirds of the time, and a test asks little of it. */
const quickly = ['-gcflags=all=-N -l', '-gcflags=std='];

/** A program Go builds from pinned modules the first time; of a module of several, `as` tells which. */
export function goTool(name: string, path: string, as: string = name): string {
  const module = join(servers, name);
  const program = placeOf(name, path, as);
  if (existsSync(program)) return program;
  mkdirSync(kept, { recursive: true });
  const made = `${program}.${process.pid}`;
  execFileSync(goCommand(), ['build', '-trimpath', ...quickly, '-ldflags=-s -w', '-o', made, path], {
    cwd: module,
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly', CGO_ENABLED: '0' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  renameSync(made, program);
  return program;
}

/** By what is built: pinned modules, and for a path here its own files. */
function placeOf(name: string, path: string, as: string): string {
  const module = join(servers, name);
  const own = path.startsWith('.') ? readdirSync(join(module, path)).map((file) => join(module, path, file)) : [];
  return join(kept, [as, ...[join(module, 'go.sum'), ...own.sort()].map(digestOf)].join('-'));
}

const COSIGN = ['cosign', 'github.com/sigstore/cosign/v3/cmd/cosign', 'cosign'] as const;

/** As `node hack/prepare-machine.ts --cosign` builds it: no test waits for its 250 modules. `why` it is not here. */
export function cosign(): string | { readonly why: string } {
  const program = placeOf(...COSIGN);
  return existsSync(program)
    ? program
    : { why: 'cosign takes minutes to build: node hack/prepare-machine.ts --cosign' };
}

export const buildCosign = (): string => goTool(...COSIGN);

/** Cosign's verdict on signatures by a key: its library and its messages, without the rest of the command. */
export const cosignVerdicts = (): string => goTool('cosign', './verify', 'cosign-verdicts');

export const digestOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
