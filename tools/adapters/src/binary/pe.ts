import { type Platform, limits } from '@slipway/model';
import { Fields, MalformedBinary, readFields } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import type { Image } from './image.ts';

const SYMBOL_SIZE = 18;

/** IMAGE_SCN_CNT_INITIALIZED_DATA | MEM_READ | MEM_WRITE, with the alignment Go's debug/buildinfo ignores. */
const WRITABLE_DATA = 0xc000_0040;
const ALIGN_32BYTES = 0x0060_0000;
const UNINITIALIZED_DATA = 0x80;

const machines: Readonly<Record<number, string>> = { 0x14c: '386', 0x1c4: 'arm', 0x8664: 'amd64', 0xaa64: 'arm64' };

/**
 * Undefined without a PE header after the MS-DOS one. Offsets: Microsoft's "PE Format", sections "COFF File Header",
 * "Optional Header" and "Section Table".
 */
export async function readPe(source: ByteSource): Promise<Image | undefined> {
  const stub = await source.read(0, 64);
  if (stub.length < 64) return undefined;
  const start = stub.readUInt32LE(0x3c);
  const signature = await source.read(start, 4);
  if (!signature.equals(Buffer.from('PE\0\0'))) return undefined;
  const header = await readFields(source, { offset: start + 4, length: 20, what: 'COFF header' }, true);
  const optionalSize = header.u16(16);
  const optional = await readFields(
    source,
    { offset: start + 24, length: optionalSize, what: 'optional header' },
    true,
  );
  const sections = await readSections(source, header, start + 24 + optionalSize);
  const base = imageBase(optional);
  const data = sections.find(
    (section) =>
      section.address !== 0 && section.size !== 0 && (section.flags & ~ALIGN_32BYTES) >>> 0 === WRITABLE_DATA,
  );
  const text = sections.find((section) => section.name === '.text');
  const arch = machines[header.u16(0)];
  return {
    platform: arch === undefined ? undefined : (`windows/${arch}` as Platform),
    sections: sections.map(({ name, offset, size, inFile }) => ({ name, offset, size, inFile })),
    mappings: sections
      .filter((section) => section.inFile)
      .map(({ address, offset, size }) => ({ address: base + address, offset, size })),
    data: data && { address: base + data.address, size: data.virtualSize },
    buildId: text && { offset: text.offset, size: Math.min(text.size, 32 << 10) },
  };
}

function imageBase(optional: Fields): number {
  const magic = optional.bytes.length >= 32 ? optional.u16(0) : 0;
  if (magic === 0x10b) return optional.u32(28);
  return magic === 0x20b ? optional.u64(24) : 0;
}

async function readSections(source: ByteSource, header: Fields, offset: number) {
  const count = header.u16(2);
  if (count > limits.binary.sections) throw new MalformedBinary(`its COFF header lists ${count} sections`);
  const table = await readFields(source, { offset, length: count * 40, what: 'section table' }, true);
  const nameOf = await longNames(source, header);
  return Array.from({ length: count }, (_, index) => {
    const entry = table.slice(index * 40, 40);
    const flags = entry.u32(36);
    const inFile = (flags & UNINITIALIZED_DATA) === 0 && entry.u32(16) > 0;
    return {
      name: nameOf(entry.text(0, 8)),
      virtualSize: entry.u32(8),
      address: entry.u32(12),
      size: inFile ? entry.u32(16) : entry.u32(8),
      offset: entry.u32(20),
      inFile,
      flags,
    };
  });
}

/** A name longer than eight bytes is `/123`: an offset into the string table after the symbols. */
async function longNames(source: ByteSource, header: Fields): Promise<(name: string) => string> {
  const symbols = header.u32(8);
  const offset = symbols + header.u32(12) * SYMBOL_SIZE;
  const strings = symbols === 0 ? Buffer.alloc(0) : await source.read(offset, 64 << 10);
  const fields = new Fields(strings, true);
  return (name) => {
    const at = /^\/\d+$/.test(name) ? Number(name.slice(1)) : strings.length;
    return at < strings.length ? fields.text(at, 256) : name;
  };
}
