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

/** A program Go builds from pinned modules the first time. */
export function goTool(name: string, path: string): string {
  const module = join(servers, name);
  const program = join(kept, `${name}-${digestOf(join(module, 'go.sum'))}`);
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

export const digestOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
