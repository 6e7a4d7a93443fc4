import { type Platform, limits } from '@slipway/model';
import { Fields, MalformedBinary, readFields } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import type { Image, ImageSection } from './image.ts';

/** Offsets and sizes of the fields used: System V gABI 4.1, chapters 4 (header, sections) and 5 (program header). */
const layouts = {
  elf32: {
    header: 52,
    word: 'u32',
    phoff: 28,
    shoff: 32,
    counts: 42,
    section: { size: 40, address: 12, offset: 16, length: 20 },
    segment: { size: 32, flags: 24, offset: 4, address: 8, inFile: 16, inMemory: 20 },
  },
  elf64: {
    header: 64,
    word: 'u64',
    phoff: 32,
    shoff: 40,
    counts: 54,
    section: { size: 64, address: 16, offset: 24, length: 32 },
    segment: { size: 56, flags: 4, offset: 8, address: 16, inFile: 32, inMemory: 40 },
  },
} as const;

type Layout = (typeof layouts)[keyof typeof layouts];

const SHT_NOBITS = 8;
const PT_LOAD = 1;
const PT_INTERP = 3;
const PF_X = 1;
const PF_W = 2;

/** EI_OSABI as Go's linker sets it (cmd/link/internal/ld/elf.go); 0 it writes for Linux and all others. */
const systems: Readonly<Record<number, string>> = {
  0: 'linux',
  2: 'netbsd',
  3: 'linux',
  6: 'solaris',
  9: 'freebsd',
  12: 'openbsd',
};

/** e_machine. Some numbers stand for several of Go's architectures, which differ by class and byte order. */
const machines: Readonly<Record<number, Readonly<Record<string, string>> | string>> = {
  3: '386',
  8: { 'elf32 little': 'mipsle', 'elf32 big': 'mips', 'elf64 little': 'mips64le', 'elf64 big': 'mips64' },
  21: { 'elf64 little': 'ppc64le', 'elf64 big': 'ppc64' },
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

/** Section headers have the names, and program headers have the addresses. */
export async function readElf(source: ByteSource): Promise<Image> {
  const ident = await readFields(source, { offset: 0, length: 16, what: 'ELF header' }, true);
  const kind = ({ 1: 'elf32', 2: 'elf64' } as const)[ident.u8(4)];
  const order = ({ 1: 'little', 2: 'big' } as const)[ident.u8(5)];
  if (kind === undefined || order === undefined)
    throw new MalformedBinary('its ELF header has no valid class and byte order');
  const layout = layouts[kind];
  const header = await readFields(source, { offset: 0, length: layout.header, what: 'ELF header' }, order === 'little');
  const segments = await readSegments(source, header, layout);
  const sections = await readSections(source, header, layout);
  const named = sections.find((section) => section.name === '.go.buildinfo');
  const writable = segments.find((segment) => segment.type === PT_LOAD && (segment.flags & (PF_X | PF_W)) === PF_W);
  const note = sections.find((section) => section.name === '.note.go.buildid');
  const asked = segments.find((segment) => segment.type === PT_INTERP);
  const machine = machines[header.u16(18)];
  const arch = typeof machine === 'object' ? machine[`${kind} ${order}`] : machine;
  const os = systems[ident.u8(7)];
  return {
    platform: os === undefined || arch === undefined ? undefined : (`${os}/${arch}` as Platform),
    sections:
      sections.length > 0
        ? sections
        : segments
            .filter((segment) => segment.size > 0)
            .map((segment, index) => ({
              name: `segment ${index}`,
              offset: segment.offset,
              size: segment.size,
              inFile: true,
            })),
    interpreter: asked && (await interpreterAt(source, asked)),
    mappings: segments,
    data: named ?? (writable && { address: writable.address, size: writable.inMemory }),
    // An ELF note: 12 bytes of sizes and type, the name "Go\0\0", then the id.
    buildId: note && { offset: note.offset + 16, size: note.size - 16 },
  };
}

async function interpreterAt(source: ByteSource, { offset, size }: { offset: number; size: number }): Promise<string> {
  const bytes = await source.read(offset, Math.min(size, limits.binary.name));
  return bytes.toString('utf8').replace(/\0[\s\S]*$/, '');
}

async function readSegments(source: ByteSource, header: Fields, layout: Layout) {
  const { size, flags, offset, address, inFile, inMemory } = layout.segment;
  return (
    await readTable(source, header, { at: layout.phoff, counts: layout.counts, size, what: 'program headers', layout })
  ).map((entry) => ({
    type: entry.u32(0),
    flags: entry.u32(flags),
    offset: entry[layout.word](offset),
    address: entry[layout.word](address),
    size: entry[layout.word](inFile),
    inMemory: entry[layout.word](inMemory),
  }));
}

async function readSections(
  source: ByteSource,
  header: Fields,
  layout: Layout,
): Promise<(ImageSection & { address: number })[]> {
  const { size, offset, length, address } = layout.section;
  const entries = await readTable(source, header, {
    at: layout.shoff,
    counts: layout.counts + 4,
    size,
    what: 'section headers',
    layout,
  });
  const strings = entries[header.u16(layout.counts + 8)];
  if (strings === undefined) return [];
  const names = new Fields(
    await source.read(strings[layout.word](offset), strings[layout.word](length)),
    header.littleEndian,
  );
  // The first entry is reserved and names nothing.
  return entries.slice(1).map((entry) => ({
    name: entry.u32(0) < names.bytes.length ? names.text(entry.u32(0), limits.binary.name) : '',
    address: entry[layout.word](address),
    offset: entry[layout.word](offset),
    size: entry[layout.word](length),
    inFile: entry.u32(4) !== SHT_NOBITS,
  }));
}

/** A table of entries of `size` bytes. Its offset is at `at`; entry size and count are at `counts`. */
async function readTable(
  source: ByteSource,
  header: Fields,
  table: { at: number; counts: number; size: number; what: string; layout: Layout },
): Promise<Fields[]> {
  const offset = header[table.layout.word](table.at);
  const entrySize = header.u16(table.counts);
  const count = header.u16(table.counts + 2);
  if (offset === 0 || count === 0) return [];
  if (entrySize < table.size || count > limits.binary.sections)
    throw new MalformedBinary(`its ELF header lists ${count} ${table.what} of ${entrySize} bytes`);
  const fields = await readFields(source, { offset, length: entrySize * count, what: table.what }, header.littleEndian);
  return Array.from({ length: count }, (_, index) => fields.slice(index * entrySize, entrySize));
}
