/**
 * What a text for a C preprocessor, an assembler or cgo names of other files. Conditions are not evaluated, so this is at least what any
 * compiler reads. https://gcc.gnu.org/onlinedocs/cpp/Include-Syntax.html
 */
export interface Includes {
  readonly named: readonly Include[];
  /** Macros whose value is the file: `#include FT_FREETYPE_H`. */
  readonly computed: readonly string[];
  /** Macros whose value names a file, with every value they are given. */
  readonly defines: readonly (readonly [macro: string, include: Include])[];
}

export interface Include {
  readonly name: string;
  /** `next` continues behind the directory of the file it stands in; `data` is read as it is, `maybe` only asked for. */
  readonly form: 'quote' | 'angle' | 'next' | 'data' | 'maybe';
}

/** A file without any. */
export const noIncludes: Includes = { named: [], computed: [], defines: [] };

const DIRECTIVE =
  /^[ \t]*(?:\/\/[ \t]*|\*[ \t]+)?(?:#|%:|\?\?=)(?:[ \t]|\/\*.*?\*\/)*(include|include_next|import|embed|define)\b(?:[ \t]|\/\*.*?\*\/)*(.*)$/gm;
const HAS = /\b__has_(?:include(?:_next)?|embed)\s*\(\s*(?:<([^>\n]+)>|"([^"\n]+)")/g;
const ASSEMBLER = /\.(incbin|include)[ \t]*\\?"([^"\\\n]+)\\?"/g;

/** Of a Go file only what stands before its `import "C"` is for a C compiler. */
export function readIncludes(text: string, isGo: boolean): Includes {
  const end = isGo ? text.lastIndexOf('"C"') : -1;
  const joined = (end < 0 ? text : text.slice(0, end)).replaceAll(/\\\r?\n/g, '');
  if (!/include|import|embed|incbin|define/.test(joined)) return noIncludes;
  const named: Include[] = [];
  const computed: string[] = [];
  const defines: (readonly [string, Include])[] = [];
  for (const [, directive, rest = ''] of joined.matchAll(DIRECTIVE)) {
    if (directive === 'define') {
      const [, macro, value] = /^(\w+)[ \t]+(.*)$/.exec(rest) ?? [];
      const include = value === undefined ? undefined : quoted(value);
      if (macro !== undefined && include !== undefined) defines.push([macro, include]);
      continue;
    }
    const include = quoted(rest);
    if (include !== undefined)
      named.push(
        directive === 'include_next'
          ? { ...include, form: 'next' }
          : directive === 'embed'
            ? { ...include, form: 'data' }
            : include,
      );
    else if (/^[A-Za-z_]\w*/.test(rest) && !isSentence(rest)) computed.push(/^\w+/.exec(rest)![0]);
  }
  for (const [, angle, quote] of joined.matchAll(HAS)) named.push({ name: (angle ?? quote)!, form: 'maybe' });
  for (const [, directive, name] of joined.matchAll(ASSEMBLER))
    named.push({ name: name!, form: directive === 'incbin' ? 'data' : 'quote' });
  return { named, computed, defines };
}

function quoted(text: string): Include | undefined {
  const [, angle, quote] = /^(?:<([^>]+)>|"([^"]+)")/.exec(text.trimStart()) ?? [];
  if (angle !== undefined) return { name: angle, form: 'angle' };
  return quote === undefined ? undefined : { name: quote, form: 'quote' };
}

/** `# include the other file` of a comment: a directive has one macro, and perhaps its arguments or a comment. */
const isSentence = (rest: string): boolean => !/^\w+\s*(?:\(.*\)\s*)?(?:\/[/*].*)?$/.test(rest);
