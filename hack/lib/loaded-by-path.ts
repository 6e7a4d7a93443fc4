import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Files that our source loads from beside itself, as a thread or as text: `new URL('./copy-worker.ts',
 * import.meta.url)`.
 */
const BESIDE = /new URL\('\.\/([\w.-]+)', import\.meta\.url\)/g;
/** Where it lies in the package. */
const PLACE = 'parts';

export interface LoadedByPath {
  /** Modules that are separate programs: the name of each in the package, without its ending, and its source. */
  readonly modules: Readonly<Record<string, string>>;
  /** Other files: the place of each in the package, and the file. */
  readonly files: Readonly<Record<string, string>>;
  /** Code at the beginning of each part of the program: it finds the package from a part and from the program. */
  readonly banner: string;
}

/** All files that sources below a directory load from beside themselves. Throws for two of one name. */
export function loadedByPath(directory: string): LoadedByPath {
  const modules: Record<string, string> = {};
  const files: Record<string, string> = {};
  const sources = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^[\w-]+\/src\/.*(?<!\.test)\.ts$/.test(path),
  );
  for (const source of sources)
    for (const [, name] of readFileSync(join(directory, source), 'utf8').matchAll(BESIDE)) {
      const [group, key] = name!.endsWith('.ts') ? [modules, placeOf(name!).slice(0, -4)] : [files, placeOf(name!)];
      const path = join(directory, dirname(source), name!);
      if (group[key] !== undefined && group[key] !== path)
        throw new Error(`two files are called ${name} and loaded by path`);
      group[key] = path;
    }
  const banner = "const __package = new URL(/\\/parts\\/[^/]+$/.test(import.meta.url) ? '..' : '.', import.meta.url);";
  return { modules, files, banner };
}

const placeOf = (name: string): string => `${PLACE}/${basename(name).replace(/\.ts$/, '.mjs')}`;

/** In the package, modules have other places than their sources. */
export const besidesModules: Plugin = {
  name: 'besides-modules',
  setup({ onLoad }) {
    onLoad({ filter: /\/tools\/[\w-]+\/src\/.*\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(BESIDE, (_, name: string) => `new URL('${placeOf(name)}', __package)`);
      return contents === source ? undefined : { contents, loader: 'ts' };
    });
  },
};
