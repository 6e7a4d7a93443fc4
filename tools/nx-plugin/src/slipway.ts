import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { TreeInputs } from '@slipway/model';

/** The bundler replaces it by the program's name. */
declare const SLIPWAY_PROGRAM: string | undefined;

const main =
  typeof SLIPWAY_PROGRAM === 'string'
    ? createRequire(import.meta.url).resolve(SLIPWAY_PROGRAM)
    : fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

/** The JSON values that slipway printed, one on each line, whether it succeeded or not. */
export function askSlipway(root: string, args: readonly string[]): { readonly ok: boolean; readonly said: unknown[] } {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [main, '-C', root, '--json', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined) throw error;
  const said = stdout.split('\n').filter((line) => line !== '');
  if (said.length === 0) throw new Error(`slipway ${args.join(' ')} said nothing: ${stderr.trim()}`);
  return { ok: status === 0, said: said.map((line) => JSON.parse(line) as unknown) };
}

/** The inputs of the tree's commands. Throws slipway's failures. */
export function readInputs(root: string): TreeInputs {
  const { ok, said } = askSlipway(root, ['graph', 'inputs']);
  if (!ok) throw new Error(failureText(said));
  return said[0] as TreeInputs;
}

interface Told {
  readonly kind: string;
  readonly failures?: readonly { readonly message: string; readonly hint: string }[];
}

/** All failures that slipway printed, with their hints. */
export const failureText = (said: readonly unknown[]): string =>
  (said as readonly Told[])
    .flatMap(({ failures = [] }) => failures.map(({ message, hint }) => `slipway: ${message}\n  hint: ${hint}`))
    .join('\n');
