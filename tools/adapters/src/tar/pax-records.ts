/** The known fields of an extended header. Any other changes how readers understand an archive. */
const KNOWN = /^(?:path|linkpath|size|uid|gid|uname|gname|mtime|atime|ctime|comment|SCHILY\.xattr\..+|LIBARCHIVE\..+)$/;
/** Fields with any bytes as values. */
const BINARY = /^(?:SCHILY\.xattr|LIBARCHIVE)\./;
/** Fields that may apply to all members. `git archive` writes the commit in this way. */
const GLOBAL = new Set(['comment']);

/**
 * Records `LENGTH key=value\n` of POSIX.1-2001; the length includes the whole record. It is strict, because tolerant
 * readers differ from each other, and then see other members. Returns a text for an invalid record.
 */
export function parsePax(bytes: Buffer, scope: 'member' | 'archive'): Map<string, string> | string {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const digits = space === -1 ? '' : bytes.toString('latin1', at, space);
    if (!/^[1-9]\d{0,7}$/.test(digits)) return 'a record of it has no length';
    const end = at + Number(digits);
    if (end > bytes.length || bytes[end - 1] !== 0x0a) return 'a record of it has another length than it says';
    const equals = bytes.indexOf(0x3d, space);
    if (equals === -1 || equals >= end) return 'a record of it has no value';
    const key = bytes.toString('utf8', space + 1, equals);
    const value = bytes.subarray(equals + 1, end - 1);
    if (!KNOWN.test(key) || (scope === 'archive' && !GLOBAL.has(key)))
      return `it says ${JSON.stringify(key.slice(0, 40))}${scope === 'archive' ? ' of all members' : ''}`;
    if (records.has(key)) return `it says ${key} twice`;
    if (!BINARY.test(key) && value.includes(0)) return `its ${key} has a zero byte`;
    records.set(key, BINARY.test(key) ? value.toString('hex') : value.toString('utf8'));
    at = end;
  }
  return records;
}
