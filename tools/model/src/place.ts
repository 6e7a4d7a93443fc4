/** A file name has at most 255 bytes, and gets an ending of whoever keeps it. */
const LONGEST = 200;

/**
 * The place of something that has an id, below the directory of its kind: a relative path, another one for every other id, in
 * lower case so that no file system takes two for one, and never `.`, `..`, or a directory above the place of another id.
 */
export function placeOf(id: string): string {
  // A lone underscore comes out of no character.
  const name = id.replaceAll(/^\.|[^a-z0-9.-]/g, escaped) || '_';
  const pieces = name.match(new RegExp(`.{1,${LONGEST}}`, 'g'))!;
  // What is not the last piece ends as no last piece does.
  return pieces.map((piece, index) => (index < pieces.length - 1 ? `${piece}+` : piece)).join('/');
}

function escaped(unit: string): string {
  const code = unit.charCodeAt(0);
  return code < 0x100 ? `_${code.toString(16).padStart(2, '0')}` : `_u${code.toString(16).padStart(4, '0')}`;
}
