import { type Platform, limits } from '@slipway/model';
import { MalformedBinary, readFields } from './byte-source.ts';
import type { ByteSource, Fields } from './byte-source.ts';
import type { Image, ImageSection } from './image.ts';

/** <mach-o/loader.h>: mach_header(_64), segment_command(_64), section(_64), build_version_command. */
const layouts = {
  32: {
    header: 28,
    word: 'u32',
    segment: { command: 1, size: 56, address: 24, inMemory: 28, offset: 32, inFile: 36, protection: 40, count: 48 },
    section: { size: 68, address: 32, length: 36, offset: 40, flags: 56 },
  },
  64: {
    header: 32,
    word: 'u64',
    segment: { command: 0x19, size: 72, address: 24, inMemory: 32, offset: 40, inFile: 48, protection: 56, count: 64 },
    section: { size: 80, address: 32, length: 40, offset: 48, flags: 64 },
  },
} as const;

type Layout = (typeof layouts)[keyof typeof layouts];

const LC_BUILD_VERSION = 0x32;
const LC_VERSION_MIN_IPHONEOS = 0x25;
const PLATFORM_IOS = 2;
/** S_ZEROFILL, S_GB_ZEROFILL, S_THREAD_LOCAL_ZEROFILL: the low byte of a section's flags. */
const zeroFilled = new Set([0x1, 0xc, 0x12]);
const READ_WRITE = 3;
const LARGEST_COMMANDS = 1 << 20;

/** <mach/machine.h> */
const machines: Readonly<Record<number, string>> = { 7: '386', 12: 'arm', 0x0100_0007: 'amd64', 0x0100_000c: 'arm64' };

/** One architecture. Universal files, which Go never writes, look like Java classes and count as 'other'. */
export const machoMagics: Readonly<Record<string, { readonly bits: 32 | 64; readonly littleEndian: boolean }>> = {
  cefaedfe: { bits: 32, littleEndian: true },
  cffaedfe: { bits: 64, littleEndian: true },
  feedface: { bits: 32, littleEndian: false },
  feedfacf: { bits: 64, littleEndian: false },
};

export async function readMacho(
  source: ByteSource,
  kind: { readonly bits: 32 | 64; readonly littleEndian: boolean },
): Promise<Image> {
  const layout = layouts[kind.bits];
  const header = await readFields(
    source,
    { offset: 0, length: layout.header, what: 'Mach-O header' },
    kind.littleEndian,
  );
  const commands = await readCommands(source, header, layout);
  const segments = commands
    .filter((command) => command.u32(0) === layout.segment.command)
    .map((command) => readSegment(command, layout));
  const sections = segments.flatMap((segment) => segment.sections);
  if (sections.length > limits.binary.sections)
    throw new MalformedBinary(`its load commands list ${sections.length} sections`);
  const named = sections.find((section) => section.name.endsWith(',__go_buildinfo'));
  const writable = segments.find(
    (segment) =>
      segment.address !== 0 &&
      segment.size !== 0 &&
      segment.protection === READ_WRITE &&
      segment.mostProtection === READ_WRITE,
  );
  const text = sections.find((section) => section.name.endsWith(',__text'));
  const arch = machines[header.u32(4)];
  return {
    platform: arch === undefined ? undefined : (`${commands.some(isForIos) ? 'ios' : 'darwin'}/${arch}` as Platform),
    // A segment without sections (__LINKEDIT: symbols and signature) counts as a section.
    sections: segments.flatMap(({ name, offset, size, sections: inside }): readonly ImageSection[] =>
      inside.length > 0 || size === 0 ? inside : [{ name, offset, size, inFile: true }],
    ),
    mappings: segments.filter((segment) => segment.name !== '__PAGEZERO'),
    data: named ?? (writable && { address: writable.address, size: writable.inMemory }),
    buildId: text && { offset: text.offset, size: Math.min(text.size, 32 << 10) },
  };
}

async function readCommands(source: ByteSource, header: Fields, layout: Layout): Promise<Fields[]> {
  const length = header.u32(20);
  if (length > LARGEST_COMMANDS)
    throw new MalformedBinary(`its Mach-O header announces ${length} bytes of load commands`);
  const fields = await readFields(
    source,
    { offset: layout.header, length, what: 'load commands' },
    header.littleEndian,
  );
  const commands: Fields[] = [];
  for (let at = 0; at + 8 <= length && commands.length < header.u32(16);) {
    const size = fields.u32(at + 4);
    if (size < 8 || at + size > length) throw new MalformedBinary(`load command ${commands.length} has ${size} bytes`);
    commands.push(fields.slice(at, size));
    at += size;
  }
  return commands;
}

function readSegment(command: Fields, { word, segment, section }: Layout) {
  if (command.bytes.length < segment.size) throw new MalformedBinary('a segment command is cut off');
  const count = command.u32(segment.count);
  if (segment.size + count * section.size > command.bytes.length)
    throw new MalformedBinary(`a segment command is too short for its ${count} sections`);
  return {
    name: command.text(8, 16),
    address: command[word](segment.address),
    inMemory: command[word](segment.inMemory),
    offset: command[word](segment.offset),
    size: command[word](segment.inFile),
    mostProtection: command.u32(segment.protection),
    protection: command.u32(segment.protection + 4),
    sections: Array.from({ length: count }, (_, index) => {
      const entry = command.slice(segment.size + index * section.size, section.size);
      return {
        name: `${entry.text(16, 16)},${entry.text(0, 16)}`,
        address: entry[word](section.address),
        size: entry[word](section.length),
        offset: entry.u32(section.offset),
        inFile: !zeroFilled.has(entry.u32(section.flags) & 0xff),
      };
    }),
  };
}

const isForIos = (command: Fields): boolean =>
  command.u32(0) === LC_VERSION_MIN_IPHONEOS ||
  (command.u32(0) === LC_BUILD_VERSION && command.bytes.length >= 12 && command.u32(8) === PLATFORM_IOS);
