import type { CompressionFormat, Environment, ShippedEntry, ShippedTarball, Tree } from '@slipway/model';

/** What SLIPWAY_COMPRESSION asks for. */
export const compressionFormat = (variables: Environment): CompressionFormat =>
  variables['SLIPWAY_COMPRESSION'] === 'zstd' ? 'zstd' : 'gzip';

/** The format whose compressor decides the bytes of a release; layers and zip files are compressed as gzip does it. */
export function compressedWith({ release }: Pick<Tree, 'release'>, variables: Environment): CompressionFormat {
  const formats = (release?.archives ?? []).flatMap(({ format, formats: others }) => [
    format,
    ...Object.values(others),
  ]);
  return formats.includes('tar.zst') ? 'zstd' : compressionFormat(variables);
}

/** The same tarballs by the names that go with what compresses them; they hold each other by these names, too. */
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
