import { open } from 'node:fs/promises';
import { limits } from '@slipway/model';
import type { BinaryFile, BinaryFormat } from './binary-file.ts';
import { readGoBuildId } from './build-id.ts';
import { readGoBuildInfo } from './build-info.ts';
import { fileSource, MalformedBinary } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { readElf } from './elf.ts';
import { hashSections } from './hash-sections.ts';
import type { Image, ImageSection } from './image.ts';
import { machoMagics, readMacho } from './macho.ts';
import { readPe } from './pe.ts';

/**
 * Reads the facts of an executable without running it. Any file has a result: other files have the format 'other', and
 * a truncated or impossible header is a `problem`. A file without sections, or with more bytes than a binary has, is
 * not read to its end. Throws only errors of reading.
 */
export async function readBinary(path: string): Promise<BinaryFile> {
  await using handle = await open(path);
  const { size } = await handle.stat();
  const header = await readHeader(fileSource(handle, size));
  const hasSections = header.sections.length > 0 && size <= limits.binary.bytes;
  return { path, size, ...header, sections: hasSections ? await hashSections(handle, header.sections) : [] };
}

/** The same without reading the whole file. */
export async function readBinaryHeader(path: string): Promise<BinaryHeader> {
  await using handle = await open(path);
  return await readHeader(fileSource(handle, (await handle.stat()).size));
}

export type BinaryHeader = Omit<BinaryFile, 'path' | 'size' | 'sections'> & {
  readonly sections: readonly ImageSection[];
  /** The dynamic linker of an ELF file. */
  readonly interpreter?: string;
};

async function readHeader(source: ByteSource): Promise<BinaryHeader> {
  let format: BinaryFormat = 'other';
  let image: Image | undefined;
  try {
    format = await readFormat(source);
    image = await readImage(source, format);
    if (image === undefined) return nothing;
    const problem = checkSections(image.sections, source.size);
    return {
      format,
      platform: image.platform,
      sections: problem === undefined || !problem.fatal ? image.sections : [],
      ...(image.interpreter === undefined ? {} : { interpreter: image.interpreter }),
      goBuildId: await readGoBuildId(source, image, format),
      goBuildInfo: await readGoBuildInfo(source, image),
      problem: problem?.fact,
    };
  } catch (error) {
    if (!(error instanceof MalformedBinary)) throw error;
    return { ...nothing, format, platform: image?.platform, problem: error.message };
  }
}

const nothing: BinaryHeader = {
  format: 'other',
  platform: undefined,
  sections: [],
  goBuildId: undefined,
  goBuildInfo: undefined,
  problem: undefined,
};

async function readFormat(source: ByteSource): Promise<BinaryFormat> {
  const magic = await source.read(0, 16);
  if (magic.length < 16) return 'other';
  if (magic.subarray(0, 4).equals(Buffer.from('\x7fELF'))) return 'elf';
  if (magic.subarray(0, 2).equals(Buffer.from('MZ'))) return 'pe';
  return magic.toString('hex', 0, 4) in machoMagics ? 'macho' : 'other';
}

async function readImage(source: ByteSource, format: BinaryFormat): Promise<Image | undefined> {
  if (format === 'elf') return readElf(source);
  if (format === 'pe') return readPe(source);
  const kind = machoMagics[(await source.read(0, 4)).toString('hex')];
  return kind && readMacho(source, kind);
}

/**
 * Sections beyond the end are hashed as far as they exist. Sections that overlap many times are refused, because their
 * hashes would take hours.
 */
function checkSections(sections: readonly ImageSection[], size: number): { fact: string; fatal: boolean } | undefined {
  const inFile = sections.filter((section) => section.inFile && section.size > 0);
  const covered = inFile.reduce(
    (sum, section) => sum + Math.max(0, Math.min(section.offset + section.size, size) - section.offset),
    0,
  );
  if (covered > 2 * size) return { fact: `its ${inFile.length} sections overlap`, fatal: true };
  const past = inFile.find((section) => section.offset + section.size > size);
  return past && { fact: `section ${past.name} ends at ${past.offset + past.size}, the file at ${size}`, fatal: false };
}
