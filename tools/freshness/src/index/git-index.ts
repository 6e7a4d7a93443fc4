/** The index of a repository or of its worktree. */
const PLACE = /\/\.git\/(?:worktrees\/[^/]+\/)?index$/;

/** The bytes of each entry about the disk: times, inode, owner. Mode, name and content follow. */
const STATS = { before: 24, after: 12 } as const;
const MODE = 4;
/** Caches of git in its index. Git computes them again if they are missing. */
const KEPT_ANSWERS = /^(?:TREE|UNTR|FSMN|EOIE|IEOT)$/;

/**
 * The content of a git index without git's cache of the disk, which `git status` rewrites. Callers of git still make it
 * look at the files. Undefined for other files, see https://git-scm.com/docs/index-format.
 */
export function saidByGitIndex(path: string, bytes: Buffer): Buffer | undefined {
  if (!PLACE.test(path) || bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  // The file does not state whether it uses SHA-1 or SHA-256. Only one of them parses to its end.
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

/**
 * Version 4 stores the length of the prefix shared with the previous name, in bytes whose highest bit marks a
 * continuation.
 */
function afterNumber(bytes: Buffer, at: number): number {
  let after = at;
  while (after < bytes.length && (bytes[after]! & 0x80) !== 0) after += 1;
  return after + 1;
}
