import type { CompressionFormat, Environment, ShippedEntry, ShippedTarball, Tree } from '@slipway/model';

/** The format of SLIPWAY_COMPRESSION. */
export const compressionFormat = (variables: Environment): CompressionFormat =>
  variables['SLIPWAY_COMPRESSION'] === 'zstd' ? 'zstd' : 'gzip';

/** The format of the compressor that affects a release's bytes. Layers and zip files use gzip's deflate. */
export function compressedWith({ release }: Pick<Tree, 'release'>, variables: Environment): CompressionFormat {
  const formats = (release?.archives ?? []).flatMap(({ format, formats: others }) => [
    format,
    ...Object.values(others),
  ]);
  return formats.includes('tar.zst') ? 'zstd' : compressionFormat(variables);
}

/** Renames tarballs for a compression format, including the references between them. */
export function namedFor(format: CompressionFormat, tarballs: readonly ShippedTarball[]): readonly ShippedTarball[] {
  if (format === 'gzip') return tarballs;
  const named = (name: string): string => name.replace(/\.tar\.gz$/, '.tar.zst');
  const renamed = (entry: ShippedEntry): ShippedEntry =>
    'artifact' in entry ? { path: named(entry.path), artifact: named(entry.artifact) } : entry;
  return tarballs.map(({ name, entries }) => ({
    name: named(name),
    entries: entries === 'commit' ? entries : entries.map(renamed),
  }));
}
