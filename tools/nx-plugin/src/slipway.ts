import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { TreeInputs } from '@slipway/model';

/** Replaced with its name when the package of the plugin is made. */
declare const SLIPWAY_PROGRAM: string | undefined;

const main =
  typeof SLIPWAY_PROGRAM === 'string'
    ? createRequire(import.meta.url).resolve(SLIPWAY_PROGRAM)
    : fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

/** What slipway printed as JSON, a value per line, whether it succeeded or not. */
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

/** What the tree's commands are made of. Throws what slipway says when it cannot know. */
export function readInputs(root: string): TreeInputs {
  const { ok, said } = askSlipway(root, ['graph', 'inputs']);
  if (!ok) throw new Error(failureText(said));
  return said[0] as TreeInputs;
}

interface Told {
  readonly kind: string;
  readonly failures?: readonly { readonly message: string; readonly hint: string }[];
}

/** Every failure slipway told of, with its hint. */
export const failureText = (said: readonly unknown[]): string =>
  (said as readonly Told[])
    .flatMap(({ failures = [] }) => failures.map(({ message, hint }) => `slipway: ${message}\n  hint: ${hint}`))
    .join('\n');
