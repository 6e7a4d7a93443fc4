const [HEADER, SECTION, COUNT] = [64, 64, 4000];
const TABLE = HEADER + COUNT * SECTION;

/**
 * A 64-bit ELF file of that size with 4,000 sections. `overlapping`: each is all of it, and hashing them one by one reads gigabytes;
 * `named`: the name of each is all the rest of it.
 */
export function hostileElf(size: number, how: 'overlapping' | 'named'): Buffer {
  const file = Buffer.alloc(size, 'x');
  file.fill(0, 0, TABLE);
  file.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(62, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(HEADER), 40);
  file.writeUInt16LE(HEADER, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(SECTION, 58);
  file.writeUInt16LE(COUNT, 60);
  for (let at = HEADER; at < TABLE; at += SECTION) {
    const isNames = how === 'named' && at === HEADER;
    file.writeUInt32LE(isNames ? 3 : 1, at + 4);
    file.writeBigUInt64LE(BigInt(isNames ? TABLE : 0), at + 24);
    file.writeBigUInt64LE(BigInt(isNames ? size - TABLE : how === 'overlapping' ? size : 0), at + 32);
  }
  return file;
}
