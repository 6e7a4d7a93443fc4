import { readBinaryHeader } from '../binary/index.ts';
import type { GoModuleVersion } from '../binary/binary-file.ts';
import type { SbomedBinary, LinkedModule } from './port.ts';

export interface LinkedBinary extends SbomedBinary {
  readonly modules: readonly LinkedModule[];
}

/** The name of Go's standard library in vulnerability databases. */
export const LIBRARY = 'stdlib';

/**
 * The modules that are linked into a binary, with Go's standard library as one. Empty for a binary that Go did not
 * link.
 */
export async function readModules(file: string): Promise<LinkedModule[]> {
  const { goBuildInfo } = await readBinaryHeader(file);
  if (goBuildInfo === undefined) return [];
  const { main, modules, goVersion } = goBuildInfo;
  const library = { path: LIBRARY, version: goVersion.replace(/^go/, '').split(' ')[0]!, sum: '' };
  return [library, ...(main === undefined ? [] : [main]), ...modules].map(asLinked);
}

/** The replacement of a module is what was linked. One on disk has no version. */
function asLinked(module: GoModuleVersion): LinkedModule {
  const { path, version, sum } = module.replace ?? module;
  const known = version === '(devel)' || /^[./]/.test(path) ? '' : version;
  const name = /^[./]/.test(path) ? module.path : path;
  return {
    path: name,
    version: known,
    sum,
    url: `pkg:golang/${encoded(name)}${known === '' ? '' : `@${encoded(known)}`}`,
  };
}

/**
 * Modules with a version, each once, sorted. The linker records no sum for vendored ones; theirs come from the text of
 * a go.sum: lines `MODULE VERSION h1:…`.
 */
export function ofOthers(modules: readonly LinkedModule[], sums: readonly string[]): LinkedModule[] {
  const found = withSums(
    modules.filter(({ version }) => version !== ''),
    sums,
  );
  return [...new Map(found.map((each) => [each.url, each])).values()].sort((a, b) => (a.url < b.url ? -1 : 1));
}

export function withSums(modules: readonly LinkedModule[], sums: readonly string[]): LinkedModule[] {
  const lines = sums.flatMap((text) => text.split('\n')).map((line) => line.split(' '));
  const known = new Map(
    lines.flatMap(([path, version, sum]) => (sum === undefined ? [] : [[`${path} ${version}`, sum]])),
  );
  return modules.map((each) => ({ ...each, sum: each.sum || (known.get(`${each.path} ${each.version}`) ?? '') }));
}

const encoded = (text: string): string => text.split('/').map(encodeURIComponent).join('/');
