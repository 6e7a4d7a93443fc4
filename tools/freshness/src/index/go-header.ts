import { isUtf8 } from 'node:buffer';

/**
 * The bytes of a file that `go list` reads, according to go/build's read.go and build.go. For a Go file: everything to
 * the end of the imports, and the //go:embed lines of files that import "embed". Compiler directives further down
 * (//go:linkname, //export, //go:cgo_…) affect only the compiler, which the content covers, and never the graph. When
 * in doubt more is included: the price is one unnecessary `go list`.
 */

/**
 * Undefined: the whole file, because Go could read any part of it (an invalid header, or a file that Go does not
 * parse).
 */
export function listedPart(name: string, bytes: Buffer): Buffer | undefined {
  const kind = name.slice(name.lastIndexOf('.') + 1);
  if (kind === 'go') return goHeader(bytes);
  return CONSTRAINED.has(kind) ? leadingComments(bytes) : undefined;
}

/** Files other than Go that go/build reads for build constraints (fileListForExt and matchFile). */
const CONSTRAINED = new Set([
  'c',
  'cc',
  'cpp',
  'cxx',
  'm',
  'h',
  'hh',
  'hpp',
  'hxx',
  'f',
  'F',
  'for',
  'f90',
  's',
  'S',
  'sx',
  'swig',
  'swigcxx',
]);

/** Comments that `go list` reads. With one of these anywhere in the header, it counts byte for byte. */
const TELLING = ['go:', '+build', 'binary-only', 'import'];

/** Go reports a wrong one as an error. */
const LINE_DIRECTIVES = ['//line ', '/*line '];

const NOTHING = Buffer.alloc(0);
const EMBED = Buffer.from('//go:embed');

function goHeader(bytes: Buffer): Buffer | undefined {
  const scan = new Scanner(bytes);
  if (!scan.word('package') || !scan.identifier()) return undefined;
  // An import comment is on the line of the package clause.
  let end = endOfLine(bytes, scan.at);
  while (scan.next() === LETTER_I) {
    if (!scan.word('import')) return undefined;
    if (scan.next() === PAREN_OPEN) {
      scan.at++;
      while (scan.next() !== PAREN_CLOSE) if (!scan.importSpec()) return undefined;
      scan.at++;
    } else if (!scan.importSpec()) return undefined;
    end = scan.at;
  }
  // The part that Go's parser reads and may reject.
  const read = bytes.subarray(0, scan.at);
  if (scan.broken || !isClean(read) || LINE_DIRECTIVES.some((word) => read.includes(word))) return undefined;

  const comments = scan.comments.filter((comment) => comment.from < end);
  const exact =
    scan.imports('C') ||
    scan.odd() ||
    comments.some(({ from, to }) => TELLING.some((word) => bytes.subarray(from, to).includes(word)));
  const header = exact ? bytes.subarray(0, end) : Buffer.from(withoutComments(bytes, comments, end), 'latin1');
  return scan.imports('embed') ? Buffer.concat([header, ...embedLines(bytes, end)]) : header;
}

/** Constraints are in the comments before the package clause. */
function leadingComments(bytes: Buffer): Buffer | undefined {
  const scan = new Scanner(bytes);
  scan.next();
  if (scan.broken) return undefined;
  const comments = bytes.subarray(0, scan.at);
  return comments.includes('build') || comments.includes(0) ? comments : NOTHING;
}

/** Zeros, invalid UTF-8 and byte order marks are errors even in comments. */
function isClean(bytes: Buffer): boolean {
  return !bytes.includes(0) && isUtf8(bytes) && bytes.indexOf('\ufeff', 1) < 0;
}

/** Line ends count, because Go's parser needs them between imports. Their number and the indentation do not. */
function withoutComments(bytes: Buffer, comments: readonly Span[], end: number): string {
  let code = '';
  let from = 0;
  for (const comment of comments) {
    code += bytes.toString('latin1', from, comment.from);
    code += bytes.subarray(comment.from, comment.to).includes('\n') ? '\n' : ' ';
    from = comment.to;
  }
  if (from < end) code += bytes.toString('latin1', from, end);
  return code.replaceAll(/[ \t\r\f\n]+/g, (space) => (space.includes('\n') ? '\n' : ' ')).trim();
}

/** More than Go reads: also lines in strings and comments. */
function embedLines(bytes: Buffer, from: number): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = bytes.indexOf(EMBED, from); at >= 0; at = bytes.indexOf(EMBED, at + 1))
    lines.push(bytes.subarray(at, endOfLine(bytes, at)), EMBED);
  return lines;
}

function endOfLine(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(LINE_END, from);
  return end < 0 ? bytes.length : end;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const LINE_END = 10;
const SLASH = 0x2f;
const STAR = 0x2a;
const QUOTE = 0x22;
const BACKQUOTE = 0x60;
const BACKSLASH = 0x5c;
const PAREN_OPEN = 0x28;
const PAREN_CLOSE = 0x29;
const DOT = 0x2e;
const LETTER_I = 0x69;

class Scanner {
  at = 0;
  /** Found something that Go's own reader rejects as well. */
  broken = false;
  readonly comments: Span[] = [];
  private readonly paths: string[] = [];
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3;
  }

  /**
   * Skips space, semicolons (as Go's reader does) and comments. Returns the byte there, or undefined at the end or
   * after an error.
   */
  next(): number | undefined {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === 0x20 || byte === LINE_END || byte === 9 || byte === 0x0d || byte === 0x0c || byte === 0x3b)
        this.at++;
      else if (byte !== SLASH) return byte;
      else if (!this.comment()) return undefined;
    }
  }

  word(word: string): boolean {
    this.next();
    const end = this.at + word.length;
    if (this.bytes.toString('latin1', this.at, end) !== word || isIdentifier(this.bytes[end])) return false;
    this.at = end;
    return true;
  }

  identifier(): boolean {
    this.next();
    const from = this.at;
    while (isIdentifier(this.bytes[this.at])) this.at++;
    return this.at > from;
  }

  importSpec(): boolean {
    const byte = this.next();
    if (byte === DOT) this.at++;
    else if (isIdentifier(byte)) this.identifier();
    return this.string();
  }

  /** An escaped path may be any path. */
  imports(path: string): boolean {
    return this.paths.some((written) => written === path || written.includes('\\'));
  }

  /** Paths with spaces, which would look like spaces between words. */
  odd(): boolean {
    return this.paths.some((written) => /\s/.test(written));
  }

  private string(): boolean {
    const quote = this.next();
    if (quote !== QUOTE && quote !== BACKQUOTE) return false;
    const from = ++this.at;
    for (; ; this.at++) {
      const byte = this.bytes[this.at];
      if (byte === undefined || (quote === QUOTE && byte === LINE_END)) return false;
      if (byte === quote) break;
      if (quote === QUOTE && byte === BACKSLASH) this.at++;
    }
    this.paths.push(this.bytes.toString('latin1', from, this.at++));
    return true;
  }

  private comment(): boolean {
    const { bytes, at: from } = this;
    const kind = bytes[from + 1];
    const closed = kind === SLASH ? endOfLine(bytes, from) : kind === STAR ? bytes.indexOf('*/', from + 2) : -1;
    this.broken = closed < 0;
    if (this.broken) return false;
    this.at = kind === SLASH ? closed : closed + 2;
    this.comments.push({ from, to: this.at });
    return true;
  }
}

function isIdentifier(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte >= 0x80
  );
}
