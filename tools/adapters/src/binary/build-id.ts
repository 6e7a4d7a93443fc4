import type { ByteSource } from './byte-source.ts';
import type { BinaryFormat } from './binary-file.ts';
import type { Image } from './image.ts';

/**
 * `action(link)/action(main)/content(main)/content(binary)`: the first says what went into the link, the last what came
 * out. In ELF it is a note, elsewhere quoted text at the start of the code (Go's src/cmd/internal/buildid/buildid.go).
 */
export async function readGoBuildId(
  source: ByteSource,
  image: Image,
  format: BinaryFormat,
): Promise<string | undefined> {
  if (image.buildId === undefined || image.buildId.size <= 0 || image.buildId.size > 64 << 10) return undefined;
  const text = (await source.read(image.buildId.offset, image.buildId.size)).toString('latin1');
  const id = format === 'elf' ? /^[\w/-]+/.exec(text)?.[0] : /\xff Go build ID: "([\w/-]*)"\n \xff/.exec(text)?.[1];
  return id === '' ? undefined : id;
}
