import { isLostName } from './lost-name.ts';

/** The root for the names in an archive: a directory to unpack into, or the root of an image. */
export type ArchiveRoot = 'directory' | 'image';

/** The parts of a member that can harm somebody who unpacks it. */
export interface NamedMember {
  /** Relative, parts joined by `/`, without a leading `./` and a trailing `/`. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'hard link';
  /** The target of a link. */
  readonly target?: string;
}

const LONGEST_PATH = 4096;
const LONGEST_NAME = 255;

/**
 * Returns why a member is refused, or undefined. The function must see all members in order. Both reading and planning
 * use it, so that slipway does not ship what it would refuse.
 */
export function memberRules(root: ArchiveRoot): (member: NamedMember) => string | undefined {
  const kinds = new Map<string, NamedMember['kind']>();
  const folded = new Map<string, string>();
  const parents = new Set<string>();
  return (member) => {
    const { path, kind } = member;
    const wrong = nameProblem(path) ?? targetProblem(member, root);
    if (wrong !== undefined) return wrong;
    if (kinds.has(path)) return 'it is in the archive twice';
    const fold = path.normalize('NFKD').toUpperCase();
    const other = folded.get(fold);
    // Layers of images are unpacked on case-sensitive file systems and contain such names.
    if (other !== undefined && root === 'directory')
      return `it is the same file as ${JSON.stringify(other)} where case or the form of Unicode does not count`;
    for (let dir = parentOf(path); dir !== '' && !parents.has(dir); dir = parentOf(dir)) {
      const above = kinds.get(dir);
      if (above !== undefined && above !== 'directory')
        return `it would be written through ${JSON.stringify(dir)}, which is a ${above}`;
      parents.add(dir);
    }
    if (kind !== 'directory' && parents.has(path)) return 'earlier members lie in it, and it is not a directory';
    if (kind === 'hard link' && kinds.get(member.target!) !== 'file')
      return `it is a hard link to ${JSON.stringify(member.target)}, which is not an earlier file`;
    kinds.set(path, kind);
    folded.set(fold, path);
    return undefined;
  };
}

/** Empty at the top. */
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function nameProblem(path: string): string | undefined {
  if (path === '.') return undefined;
  if (Buffer.byteLength(path) > LONGEST_PATH) return 'its name is too long';
  if (path.startsWith('/')) return 'its name is absolute';
  return textProblem(path, 'its name') ?? (path.split('/').map(partProblem).find(Boolean) || undefined);
}

function partProblem(part: string, index: number): string | undefined {
  if (part === '' || part === '.') return 'its name has empty parts';
  if (part === '..') return 'its name leads out of the archive';
  if (index === 0 && /^[A-Za-z]:/.test(part)) return 'its name begins with a drive';
  return Buffer.byteLength(part) > LONGEST_NAME ? 'a part of its name is too long' : undefined;
}

/** Control characters hide or break lines. Direction characters show a different name. */
function textProblem(text: string, what: string): string | undefined {
  if (/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(text)) return `${what} has control characters`;
  if (isLostName(text)) return `${what} is not UTF-8`;
  return text.includes('\\') ? `${what} has a backslash, which parts names elsewhere` : undefined;
}

function targetProblem({ kind, path, target }: NamedMember, root: ArchiveRoot): string | undefined {
  if (kind !== 'link' && kind !== 'hard link') return undefined;
  if (target === undefined || target === '') return 'it is a link to nothing';
  const wrong = textProblem(target, 'what it links to');
  if (wrong !== undefined) return wrong;
  if (kind === 'hard link') return nameProblem(target);
  // Links in a layer cannot leave the root of the image.
  if (root === 'image') return undefined;
  if (target.startsWith('/') || /^[A-Za-z]:/.test(target)) return 'it links to an absolute path';
  return leadsOut(path, target) ? 'it links out of the archive' : undefined;
}

/** Counts directory levels down and up from the link. */
function leadsOut(path: string, target: string): boolean {
  let depth = path.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
