import { isAbsolute, posix } from 'node:path';
import { type Environment, type GoFlag, lastGoFlag, splitGoFlags, splitQuoted } from '@slipway/model';

/** One call of `go build` or `go install`. Paths are relative to the root. */
export interface GoBuild {
  readonly installs: boolean;
  readonly dir: string;
  readonly env: Environment;
  readonly flags: readonly GoFlag[];
  readonly packages: readonly string[];
}

/** The variables that a script sets by linker flags, and the other linker flags. */
export interface LinkerWords {
  readonly variables: Readonly<Record<string, string>>;
  readonly rest: readonly string[];
}

/** Parses records `DIRECTORY NUMBER NAME=VALUE… WORD…`. */
export function buildsOf(records: readonly (readonly string[])[], root: string): GoBuild[] {
  return records.map(([dir = root, count = '0', ...words]) => {
    const assignments = words
      .slice(0, Number(count))
      .map((text) => [text.replace(/=.*$/s, ''), text.replace(/^[^=]*=/, '')]);
    const [subcommand, ...rest] = words.slice(Number(count));
    const { flags, rest: packages } = splitGoFlags(rest);
    const at = lastGoFlag(flags, 'C') ?? '.';
    const inner = (path: string): string => (isAbsolute(path) ? posix.relative(root, path) || '.' : path);
    return {
      installs: subcommand === 'install',
      dir: posix.join(inner(dir), inner(at)),
      env: Object.fromEntries(assignments) as Environment,
      flags: flags.map((flag) => (flag.name === 'o' ? { ...flag, value: inner(flag.value) } : flag)),
      packages: packages.map(inner),
    };
  });
}

export function linkerWords(flags: readonly GoFlag[]): LinkerWords {
  const words = splitQuoted((lastGoFlag(flags, 'ldflags') ?? '').replace(/^all=/, ''));
  const variables: Record<string, string> = {};
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const joined = /^--?X=(.*)$/s.exec(word)?.[1];
    const text = /^--?X$/.test(word) ? words[(at += 1)] : joined;
    const equals = text?.indexOf('=') ?? -1;
    if (text === undefined) rest.push(word);
    else if (equals > 0) variables[text.slice(0, equals)] = text.slice(equals + 1);
  }
  return { variables, rest };
}
