/** A file name has at most 255 bytes, and callers append an extension. */
const LONGEST = 200;

/**
 * The path for an id, below the directory of its kind. The path is relative, unique for each id, in lower case (for
 * file systems that ignore case), and never `.`, `..` or a directory above another id's path.
 */
export function placeOf(id: string): string {
  // No character escapes to a lone underscore.
  const name = id.replaceAll(/^\.|[^a-z0-9.-]/g, escaped) || '_';
  const pieces = name.match(new RegExp(`.{1,${LONGEST}}`, 'g'))!;
  // All pieces but the last end in a way that a last piece never does.
  return pieces.map((piece, index) => (index < pieces.length - 1 ? `${piece}+` : piece)).join('/');
}

function escaped(unit: string): string {
  const code = unit.charCodeAt(0);
  return code < 0x100 ? `_${code.toString(16).padStart(2, '0')}` : `_u${code.toString(16).padStart(4, '0')}`;
}
