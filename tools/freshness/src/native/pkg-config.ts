import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from '@slipway/model';
import { type CompilerAsking, isProgramFile, placesOf } from './ask-compiler.ts';

export interface PkgConfigAnswer {
  readonly cflags: readonly string[];
  readonly ldflags: readonly string[];
  /** The program and the `.pc` files it read or searched in vain. Absolute. */
  readonly files: readonly string[];
  readonly problem: string | undefined;
}

/**
 * The result of `#cgo pkg-config: …`. `words` are the words of the line including flags, passed as Go does
 * (getPkgConfigFlags of cmd/go/internal/work).
 */
export async function askPkgConfig(
  words: readonly string[],
  program: string,
  asking: CompilerAsking,
): Promise<PkgConfigAnswer> {
  const flags = words.filter((word) => word.startsWith('--'));
  const packages = words.filter((word) => !word.startsWith('--'));
  const run = (...argv: string[]) =>
    asking.runner.run({
      argv: [program, ...argv],
      cwd: asking.cwd,
      env: asking.env,
      ...(asking.signal === undefined ? {} : { signal: asking.signal }),
    });
  const [cflags, libs, path] = await Promise.all([
    run(...flags, '--cflags', '--', ...packages),
    run(...flags, '--libs', '--', ...packages),
    run('--variable', 'pc_path', 'pkg-config'),
  ]);
  const { places, env, unclear } = whatRuns(program, asking.env);
  const files = [...places, ...filesOf(packages, path.stdout.trim(), env)];
  if (unclear !== undefined)
    return { cflags: [], ldflags: [], files, problem: `slipway cannot tell what the script ${unclear} reads` };
  if (cflags.exit !== 0 || libs.exit !== 0)
    return { cflags: [], ldflags: [], files, problem: `${program} does not know ${packages.join(' ')}` };
  return { cflags: splitFlags(cflags.stdout), ldflags: splitFlags(libs.stdout), files, problem: undefined };
}

interface Running {
  /** The paths of the programs, and earlier places on PATH. */
  readonly places: readonly string[];
  /** The environment of the last program. */
  readonly env: Environment;
  /** Set for a script that does more than set variables and start another program. */
  readonly unclear: string | undefined;
}

/** Some distributions have a script that selects the platform for pkgconf. */
function whatRuns(program: string, env: Environment, depth = 0): Running {
  const places = placesOf(program, env);
  const found = places.find((place) => existsSync(place));
  if (found === undefined || isProgramFile(found)) return { places, env, unclear: undefined };
  const script = depth < DEEPEST ? readScript(read(found) ?? '', env) : undefined;
  if (script === undefined) return { places, env, unclear: found };
  const next = whatRuns(script.program, script.env, depth + 1);
  return { ...next, places: [...places, ...next.places] };
}

const DEEPEST = 4;
const SETS = /^export (PKG_CONFIG_\w+)=(?:"([^"`$\\]*)"|([\w/.:-]*)|"\$\{\1:-([^"`$\\}]*)\}")$/;
const STARTS = /^exec ([\w.-]+|\/[\w./-]+) "\$@"$/;

/** Undefined if the script contains any other line. */
function readScript(
  text: string,
  given: Environment,
): { readonly program: string; readonly env: Environment } | undefined {
  const [first = '', ...more] = text.split('\n').map((line) => line.trim());
  const lines = more.filter((line) => line !== '' && !line.startsWith('#'));
  const [, program] = STARTS.exec(lines.pop() ?? '') ?? [];
  const sets = lines.map((line) => SETS.exec(line));
  if (!/^#! ?\/(?:usr\/)?bin\/(?:ba|da)?sh$/.test(first) || program === undefined || sets.includes(null))
    return undefined;
  const env = sets.reduce((sofar: Environment, set) => {
    const [, name = '', quoted, bare, otherwise] = set!;
    return { ...sofar, [name]: quoted ?? bare ?? (sofar[name] || otherwise!) };
  }, given);
  return { program, env };
}

/**
 * The first file of a name in the search path counts, with its requirements.
 * https://people.freedesktop.org/~dbn/pkg-config-guide.html
 */
function filesOf(packages: readonly string[], builtIn: string, env: Environment): string[] {
  const dirs = [env['PKG_CONFIG_PATH'], env['PKG_CONFIG_LIBDIR'] ?? builtIn]
    .flatMap((list) => (list ?? '').split(delimiter))
    .filter((dir) => dir !== '');
  const files = new Set<string>();
  const names = new Set(packages);
  for (const name of names)
    for (const file of dirs.flatMap((dir) => [join(dir, `${name}-uninstalled.pc`), join(dir, `${name}.pc`)])) {
      files.add(file);
      const text = read(file);
      if (text === undefined) continue;
      for (const [, list] of text.matchAll(/^Requires(?:\.private)?:(.*)$/gm))
        for (const [word] of list!.matchAll(/[^\s,<>=!]+/g)) if (!/^\d/.test(word)) names.add(word);
    }
  return [...files];
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Splits words as a shell does. pkg-config escapes with backslashes. */
function splitFlags(text: string): string[] {
  return [...text.matchAll(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s\\"'])+/gs)].map(([word]) =>
    word.replaceAll(/\\(.)|"((?:\\.|[^"\\])*)"|'([^']*)'/gs, (_all, escaped, double, single) =>
      String(escaped ?? double?.replaceAll(/\\(.)/gs, '$1') ?? single),
    ),
  );
}
