import type { ByteSource } from './byte-source.ts';
import type { BinaryFormat } from './binary-file.ts';
import type { Image } from './image.ts';

/**
 * `action(link)/action(main)/content(main)/content(binary)`: the first is a digest of the link's inputs, and the last
 * one of its output. ELF has it in a note, and other formats in quoted text at the start of the code (Go's
 * src/cmd/internal/buildid/buildid.go).
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
