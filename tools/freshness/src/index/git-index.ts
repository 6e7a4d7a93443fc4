/** Of a repository, of a worktree of it. */
const PLACE = /\/\.git\/(?:worktrees\/[^/]+\/)?index$/;

/** Of each entry: when git saw the file, where it lay, whose it was. Mode, name and content come after. */
const STATS = { before: 24, after: 12 } as const;
const MODE = 4;
/** Answers that git keeps of questions to the index and to the disk; it asks again where they are missing. */
const KEPT_ANSWERS = /^(?:TREE|UNTR|FSMN|EOIE|IEOT)$/;

/**
 * What an index of git says of the tree, without what it remembers of the disk: `git status` writes that anew, and who asks git still
 * has it look at the files. Undefined for what is no index, see https://git-scm.com/docs/index-format.
 */
export function saidByGitIndex(path: string, bytes: Buffer): Buffer | undefined {
  if (!PLACE.test(path) || bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  // The file does not say whether objects are named by SHA-1 or SHA-256: one of them leads to its end.
  return said(bytes, 20) ?? said(bytes, 32);
}

function said(bytes: Buffer, hashBytes: number): Buffer | undefined {
  const version = bytes.readUInt32BE(4);
  const end = bytes.length - hashBytes;
  const parts = [bytes.subarray(0, 12)];
  let at = 12;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const begin = at;
    const flagsAt = begin + STATS.before + MODE + STATS.after + hashBytes;
    if (flagsAt + 2 > end) return undefined;
    const isExtended = version > 2 && (bytes[flagsAt]! & 0x40) !== 0;
    const name = flagsAt + (isExtended ? 4 : 2);
    const zero = bytes.indexOf(0, version > 3 ? afterNumber(bytes, name) : name);
    if (zero < 0 || zero >= end) return undefined;
    const modeAt = begin + STATS.before;
    parts.push(bytes.subarray(modeAt, modeAt + MODE), bytes.subarray(modeAt + MODE + STATS.after, zero + 1));
    at = version > 3 ? zero + 1 : begin + 8 * Math.ceil((zero + 1 - begin) / 8);
  }
  for (; at + 8 <= end; at += 8 + bytes.readUInt32BE(at + 4)) {
    const extension = bytes.subarray(at, at + 8 + bytes.readUInt32BE(at + 4));
    if (!KEPT_ANSWERS.test(bytes.toString('latin1', at, at + 4))) parts.push(extension);
  }
  return at === end ? Buffer.concat(parts) : undefined;
}

/** Version 4 says how much of the name before it shares, in bytes whose highest bit says that another follows. */
function afterNumber(bytes: Buffer, at: number): number {
  let after = at;
  while (after < bytes.length && (bytes[after]! & 0x80) !== 0) after += 1;
  return after + 1;
}
