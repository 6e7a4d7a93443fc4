import { parseArgs } from 'node:util';
import { type FlagName, flags, nearest } from '@slipway/catalog';
import { type Failure, isExclusion } from '@slipway/model';

export interface FlagsRead {
  /** Empty for a flag without a value. */
  readonly values: ReadonlyMap<FlagName, string>;
  /** Goals, their arguments and assignments. */
  readonly positionals: readonly string[];
  /** The words after two dashes. */
  readonly command: readonly string[];
  readonly failures: Failure[];
}

/** The flags of a command line, each checked against its row. Other words are returned unchanged. */
export function readFlags(argv: readonly string[]): FlagsRead {
  const options = Object.fromEntries(
    flags.map((flag) => [
      flag.name,
      {
        type: 'value' in flag ? ('string' as const) : ('boolean' as const),
        ...('short' in flag ? { short: flag.short } : {}),
      },
    ]),
  );
  const dashes = argv.indexOf('--');
  const ours = dashes === -1 ? argv : argv.slice(0, dashes);
  const words = joinJobs(ours).filter((word) => !isExclusion(word));
  const { tokens } = parseArgs({ args: words, options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<FlagName, string>();
  // parseArgs would read the dash as a flag.
  const positionals: string[] = ours.filter(isExclusion);
  const command = argv.slice(ours.length + 1);
  const failures: Failure[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = flags.find((candidate) => candidate.name === token.name);
    const takes = flag !== undefined && 'value' in flag;
    if (flag === undefined)
      failures.push({ code: 'UNKNOWN_FLAG', word: token.rawName, nearest: nearestFlag(token.rawName) });
    else if (takes && token.value === undefined)
      failures.push({
        code: 'BAD_USAGE',
        fact: `${token.rawName} needs a word after it`,
        hint: `${token.rawName} ${flag.value}: ${flag.summary}`,
      });
    else if (!takes && token.value !== undefined)
      failures.push({ code: 'BAD_USAGE', fact: `${token.rawName} takes no value`, hint: flag.summary });
    else if (token.value !== undefined && 'expected' in flag && !flag.expected.test.test(token.value))
      failures.push({
        code: 'BAD_VALUE',
        variable: token.rawName,
        value: token.value,
        expected: flag.expected.words,
      });
    else
      values.set(
        flag.name,
        flag.name === 'directory' ? joinDirectories(values.get('directory'), token.value!) : (token.value ?? ''),
      );
  }
  return { values, positionals, command, failures };
}

/** Make's -j may have no number, or a separate one. parseArgs would take the next target as its value. */
function joinJobs(argv: readonly string[]): string[] {
  const result: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index]!;
    if (word !== '-j') result.push(word);
    else if (/^\d+$/.test(argv[index + 1] ?? '')) result.push(`-j${argv[(index += 1)]}`);
    else result.push('--jobs=');
  }
  return result;
}

/** Several -C apply in order, as in make and git. */
const joinDirectories = (first: string | undefined, next: string): string =>
  first === undefined || next.startsWith('/') ? next : `${first}/${next}`;

const nearestFlag = (word: string): string | undefined =>
  nearest(
    word,
    flags.flatMap((flag) => [`--${flag.name}`]),
  );
