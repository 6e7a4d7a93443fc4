import { limits } from '@slipway/model';
import type { GoBuildInfo } from './binary-file.ts';
import type { ByteSource } from './byte-source.ts';
import type { Image } from './image.ts';
import { parseModuleInfo } from './module-info.ts';

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const ALIGN = 16;
const HEADER_SIZE = 32;
const CHUNK = 1 << 20;
const LONGEST_VARINT = 10;

/**
 * The linker's record of how the binary was built. Slipway finds and decodes it as Go's own
 * src/debug/buildinfo/buildinfo.go does (Go 1.26): a 32-byte header at a multiple of 16 in the data. Since Go 1.18 two
 * strings with their lengths as varints follow it; before, it has pointers to two Go strings. Undefined for other
 * files, and for a Go before 1.13, which leaves no such record.
 */
export async function readGoBuildInfo(source: ByteSource, image: Image): Promise<GoBuildInfo | undefined> {
  const memory = (address: number, length: number): Promise<Buffer> => readMemory(source, image, { address, length });
  const start = image.data && (await findHeader(memory, image.data));
  const header = start === undefined ? undefined : await memory(start, HEADER_SIZE);
  if (start === undefined || header === undefined || header.length < HEADER_SIZE) return undefined;
  const inline = (header.readUInt8(15) & 2) !== 0;
  const texts = inline ? await inlineTexts(memory, start + HEADER_SIZE) : await pointedTexts(memory, header);
  if (texts === undefined || texts.goVersion === '') return undefined;
  return { goVersion: texts.goVersion, ...parseModuleInfo(unframe(texts.moduleInfo)) };
}

type ReadMemory = (address: number, length: number) => Promise<Buffer>;
interface Texts {
  readonly goVersion: string;
  readonly moduleInfo: Buffer;
}

async function readMemory(
  source: ByteSource,
  image: Image,
  range: { address: number; length: number },
): Promise<Buffer> {
  const mapping = image.mappings.find(
    ({ address, size }) => address <= range.address && range.address < address + size,
  );
  if (mapping === undefined) return Buffer.alloc(0);
  const skip = range.address - mapping.address;
  return source.read(mapping.offset + skip, Math.min(range.length, mapping.size - skip));
}

async function findHeader(memory: ReadMemory, data: { address: number; size: number }): Promise<number | undefined> {
  const end = data.address + data.size;
  for (let start = Math.ceil(data.address / ALIGN) * ALIGN; start < end; start += CHUNK) {
    const chunk = await memory(start, Math.min(CHUNK, end - start));
    if (chunk.length === 0) return undefined;
    for (let at = chunk.indexOf(MAGIC); at !== -1; at = chunk.indexOf(MAGIC, at + 1)) {
      if (at % ALIGN === 0) return start + at;
    }
  }
  return undefined;
}

async function inlineTexts(memory: ReadMemory, address: number): Promise<Texts | undefined> {
  const version = await inlineText(memory, address);
  const moduleInfo = version && (await inlineText(memory, version.end));
  return version && moduleInfo && { goVersion: version.text.toString(), moduleInfo: moduleInfo.text };
}

async function inlineText(memory: ReadMemory, address: number): Promise<{ text: Buffer; end: number } | undefined> {
  const bytes = await memory(address, LONGEST_VARINT);
  const last = bytes.findIndex((byte) => byte < 0x80);
  if (last === -1) return undefined;
  const length = bytes.subarray(0, last + 1).reduceRight((value, byte) => value * 0x80 + (byte & 0x7f), 0);
  if (length > limits.binary.info) return undefined;
  const start = address + last + 1;
  const text = await memory(start, length);
  return text.length === length ? { text, end: start + length } : undefined;
}

async function pointedTexts(memory: ReadMemory, header: Buffer): Promise<Texts | undefined> {
  const size = header.readUInt8(14);
  if (size !== 4 && size !== 8) return undefined;
  const bigEndian = (header.readUInt8(15) & 1) !== 0;
  const pointer = (bytes: Buffer, at: number): number => {
    if (size === 4) return bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    return Number(bigEndian ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at));
  };
  const textAt = async (address: number): Promise<Buffer> => {
    const goString = await memory(address, 2 * size);
    const length = goString.length < 2 * size ? 0 : pointer(goString, size);
    return length === 0 || length > limits.binary.info ? Buffer.alloc(0) : memory(pointer(goString, 0), length);
  };
  return {
    goVersion: (await textAt(pointer(header, 16))).toString(),
    moduleInfo: await textAt(pointer(header, 16 + size)),
  };
}

/** The module text is between two 16-byte marks (cmd/go/internal/modload: infoStart, infoEnd). */
const unframe = (text: Buffer): string =>
  text.length >= 33 && text[text.length - 17] === 0x0a ? text.subarray(16, -16).toString() : '';
