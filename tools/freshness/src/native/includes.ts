/**
 * The files that a text for a C preprocessor, an assembler or cgo names. Conditions are ignored, and comments are read
 * as well, so the result contains at least everything that a compiler reads.
 * https://gcc.gnu.org/onlinedocs/cpp/Include-Syntax.html
 */
export interface Includes {
  readonly named: readonly Include[];
  /** Macros whose value is a file: `#include FT_FREETYPE_H`. */
  readonly computed: readonly string[];
  /** Macros whose value names a file, with all their values. */
  readonly defines: readonly (readonly [macro: string, include: Include])[];
}

export interface Include {
  readonly name: string;
  /** `next` continues after the directory of the including file; `data` is not scanned; `maybe` is only tested. */
  readonly form: 'quote' | 'angle' | 'next' | 'data' | 'maybe';
}

/** A file without includes. */
export const noIncludes: Includes = { named: [], computed: [], defines: [] };

const SPACE = String.raw`(?:[ \t\f\v]|/\*[^]*?\*/)*`;
/** Before a directive: the end of a comment, and in a Go file its beginning. */
const BEFORE = String.raw`(?:.*\*/)?[ \t\f\v]*(?://[ \t]*|\*[ \t]+)?`;
const DIRECTIVE = new RegExp(
  String.raw`^${BEFORE}(?:#|%:|\?\?=)${SPACE}(include|include_next|import|embed|define|if|elif)\b${SPACE}(.*)$`,
  'gm',
);
const HAS = /\b__has_(?:include(?:_next)?|embed)\s*\(\s*(?:<([^>\n]+)>|"([^"\n]+)")/g;
/** Also in a condition with the user's own macro around `__has_include`. */
const ASKED = /\(\s*(?:<([^>()\n]+)>|"([^"\n]+)")\s*\)/g;
const ASKED_BY_MACRO = /\b__has_(?:include(?:_next)?|embed)\s*\(\s*([A-Za-z_]\w*)/g;
const ASSEMBLER = /\.(incbin|include)[ \t]*\\?"([^"\\\n]+)\\?"/g;
/** A backslash continues a line, also with trailing spaces; a trigraph does, too. */
const CONTINUED = /(?:\\|\?\?\/)[ \t]*\r?\n/g;
/** The byte order mark of UTF-8, read as bytes. */
const MARK = /^\u00EF\u00BB\u00BF/;

/** In a Go file only the text before `import "C"` is for a C compiler. */
export function readIncludes(text: string, isGo: boolean): Includes {
  const end = isGo ? text.lastIndexOf('"C"') : -1;
  const joined = (end < 0 ? text : text.slice(0, end)).replace(MARK, '').replaceAll(CONTINUED, '');
  if (!/include|import|embed|incbin|define|if/.test(joined)) return noIncludes;
  const found: Found = { named: [], computed: [], defines: [] };
  for (const [, directive, rest = ''] of joined.matchAll(DIRECTIVE)) readDirective(directive!, rest, found);
  for (const [, angle, quote] of joined.matchAll(HAS)) found.named.push({ name: (angle ?? quote)!, form: 'maybe' });
  for (const [, directive, name] of joined.matchAll(ASSEMBLER))
    found.named.push({ name: name!, form: directive === 'incbin' ? 'data' : 'quote' });
  return { ...found, named: unique(found.named) };
}

const unique = (named: readonly Include[]): Include[] => [
  ...new Map(named.map((one) => [`${one.form} ${one.name}`, one])).values(),
];

interface Found {
  readonly named: Include[];
  readonly computed: string[];
  readonly defines: (readonly [string, Include])[];
}

/** Forms that differ from the notation of the name. */
const FORMS: Readonly<Record<string, Include['form']>> = { include_next: 'next', embed: 'data' };

function readDirective(directive: string, rest: string, { named, computed, defines }: Found): void {
  const include = quoted(rest);
  switch (directive) {
    case 'define': {
      const [, macro, value = ''] = /^(\w+)[ \t]+(.*)$/.exec(rest) ?? [];
      const given = quoted(value);
      if (macro !== undefined && given !== undefined) defines.push([macro, given]);
      return;
    }
    case 'if':
    case 'elif':
      for (const [, angle, quote] of rest.matchAll(ASKED)) named.push({ name: (angle ?? quote)!, form: 'maybe' });
      for (const [, macro] of rest.matchAll(ASKED_BY_MACRO)) computed.push(macro!);
      return;
    default:
      if (include !== undefined) named.push({ ...include, form: FORMS[directive] ?? include.form });
      else if (/^[A-Za-z_]\w*/.test(rest) && !isSentence(rest)) computed.push(/^\w+/.exec(rest)![0]);
  }
}

function quoted(text: string): Include | undefined {
  const [, angle, quote] = /^(?:<([^>]+)>|"([^"]+)")/.exec(text.trimStart()) ?? [];
  if (angle !== undefined) return { name: angle, form: 'angle' };
  return quote === undefined ? undefined : { name: quote, form: 'quote' };
}

/** `# include the other file` in a comment. A directive has one macro, and perhaps arguments or a comment. */
const isSentence = (rest: string): boolean => !/^\w+\s*(?:\(.*\)\s*)?(?:\/[/*].*)?$/.test(rest);
