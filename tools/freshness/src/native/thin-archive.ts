import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileMagic } from './file-magic.ts';

const MAGIC = '!<thin>\n';
const HEADER = 60;
/** Positions in a header: the name of a member, and the size of its content. */
const NAME = [0, 16] as const;
const SIZE = [48, 58] as const;

/**
 * The paths of a thin archive's members, absolute. The archive contains only names, and a linker reads the files
 * themselves. Members of nested archives are included. Empty for any other file.
 * https://sourceware.org/binutils/docs/binutils/ar.html
 */
export function thinMembers(path: string, seen: ReadonlySet<string> = new Set()): string[] {
  if (seen.has(path) || fileMagic(path, MAGIC.length) !== MAGIC) return [];
  const members = namesIn(readFileSync(path, 'latin1')).map((name) => resolve(dirname(path), name));
  const known = new Set([...seen, path]);
  return members.flatMap((member) => [member, ...thinMembers(member, known)]);
}

/** Only the lists of symbols (`/`) and of long names (`//`) have content in the archive. */
function namesIn(text: string): string[] {
  const names: string[] = [];
  for (let at = MAGIC.length; at + HEADER <= text.length;) {
    const header = text.slice(at, at + HEADER);
    const name = header.slice(...NAME).trimEnd();
    const size = Number(header.slice(...SIZE));
    if (!Number.isSafeInteger(size)) break;
    at += HEADER;
    if (name === '//')
      names.push(
        ...text
          .slice(at, at + size)
          .split('/\n')
          .filter((long) => long.trim() !== ''),
      );
    else if (!name.startsWith('/')) names.push(name.replace(/\/$/, ''));
    if (/^\/(?:\/|SYM64\/)?$/.test(name)) at += size + (size % 2);
  }
  return names;
}
