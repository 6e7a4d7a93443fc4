import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type CompilerAsking, isProgramFile, placesOf } from './ask-compiler.ts';

export interface PkgConfigAnswer {
  readonly cflags: readonly string[];
  readonly ldflags: readonly string[];
  /** The program and the `.pc` files it read, those it looked for in vain among them. Absolute. */
  readonly files: readonly string[];
  readonly problem: string | undefined;
}

/**
 * What `#cgo pkg-config: …` means here; `words` are the line's, flags among them, and are handed over as Go does
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
  const places = placesOf(program, asking.env);
  const files = [...places, ...filesOf(packages, path.stdout.trim(), asking)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined && !isProgramFile(found))
    return { cflags: [], ldflags: [], files, problem: `nobody can tell what the script ${found} reads` };
  if (cflags.exit !== 0 || libs.exit !== 0)
    return { cflags: [], ldflags: [], files, problem: `${program} does not know ${packages.join(' ')}` };
  return { cflags: splitFlags(cflags.stdout), ldflags: splitFlags(libs.stdout), files, problem: undefined };
}

/** The first of a name in the search path counts, and what it requires. https://people.freedesktop.org/~dbn/pkg-config-guide.html */
function filesOf(packages: readonly string[], builtIn: string, { env }: CompilerAsking): string[] {
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

/** Words as a shell takes them; pkg-config escapes with backslashes. */
function splitFlags(text: string): string[] {
  return [...text.matchAll(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s\\"'])+/gs)].map(([word]) =>
    word.replaceAll(/\\(.)|"((?:\\.|[^"\\])*)"|'([^']*)'/gs, (_all, escaped, double, single) =>
      String(escaped ?? double?.replaceAll(/\\(.)/gs, '$1') ?? single),
    ),
  );
}
