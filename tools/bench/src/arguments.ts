import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CaseName, cases, casesNamed } from './cases.ts';

export interface BenchArguments {
  /** A tree to measure in place; undefined: the bench makes one. */
  readonly tree: string | undefined;
  readonly scale: number;
  readonly seed: string;
  readonly runs: number;
  readonly cases: readonly CaseName[];
  /** The slipway to run: the source, or a published bundle. */
  readonly slipway: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** At this scale all cases with five runs take a quarter of an hour on two idle cores. */
const DEFAULT_SCALE = 0.2;

const source = resolve(import.meta.dirname, '../../cli/src/main.ts');

export const usage = `npm run bench -- [--tree DIR | --scale ${DEFAULT_SCALE} --seed 1] [--runs 5] [--case NAME]… [--slipway FILE] [--json]
cases: ${cases.map(({ name }) => name).join(', ')} (default: all)`;

/** Throws an Error about an invalid word. */
export function parseBenchArguments(argv: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      tree: { type: 'string' },
      scale: { type: 'string', default: String(DEFAULT_SCALE) },
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '5' },
      case: { type: 'string', multiple: true, default: [] },
      slipway: { type: 'string', default: source },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const names = [...values.case, ...positionals].flatMap((text) => text.split(','));
  return {
    tree: values.tree === undefined ? undefined : resolve(values.tree),
    scale: parsePositive('--scale', values.scale),
    seed: values.seed,
    runs: Math.ceil(parsePositive('--runs', values.runs)),
    cases:
      names.length === 0
        ? cases.map(({ name }) => name)
        : cases.map(({ name }) => name).filter((name) => parseCases(names).includes(name)),
    slipway: resolve(values.slipway),
    json: values.json,
    help: values.help,
  };
}

function parsePositive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${flag} ${text}: a number above 0 is expected`);
}

function parseCases(names: readonly string[]): CaseName[] {
  return names.flatMap((name) => {
    const found = casesNamed(name);
    if (found.length > 0) return found;
    throw new Error(`no case is called ${name}; there are ${cases.map((row) => row.name).join(', ')}`);
  });
}
