import { describe, expect, test } from 'vitest';
import { readIncludes } from './includes.ts';

const named = (text: string, isGo = false): string[] =>
  readIncludes(text, isGo).named.map(({ name, form }) => `${form} ${name}`);

describe('the includes of a text', () => {
  const cases: readonly (readonly [what: string, text: string, named: readonly string[]])[] = [
    ['both forms', '#include "a.h"\n#include <b.h>\n', ['quote a.h', 'angle b.h']],
    ['spaces anywhere', '  #  include   "a.h"  \n\t#include\t<b.h>\n', ['quote a.h', 'angle b.h']],
    ['no space at all', '#include"a.h"\n#include<b.h>\n', ['quote a.h', 'angle b.h']],
    ['comments between the words', '/* x */#/*y*/include/*z*/"a.h" // why\n', ['quote a.h']],
    ['a comment of several lines before', '/* x\n */ #include "a.h"\n', ['quote a.h']],
    ['a comment of several lines within', '#/* x\n */include "a.h"\n', ['quote a.h']],
    ['the mark of UTF-8 before the first', '\u00EF\u00BB\u00BF#include "a.h"\n', ['quote a.h']],
    ['a form feed', '\f#\finclude "a.h"\n', ['quote a.h']],
    ['a digraph and a trigraph', '%:include "a.h"\n??=include "b.h"\n', ['quote a.h', 'quote b.h']],
    ['a line that is continued', '#inc\\\nlude \\\r\n"a.h"\n#include \\ \n"b.h"\n', ['quote a.h', 'quote b.h']],
    ['Windows ends of lines', '#include "a.h"\r\n#include "b.h"\r\n', ['quote a.h', 'quote b.h']],
    [
      'every branch of a condition',
      '#if 0\n#include "a.h"\n#else\n#include "b.h"\n#endif\n',
      ['quote a.h', 'quote b.h'],
    ],
    ['#import and #include_next', '#import "a.h"\n#include_next <b.h>\n', ['quote a.h', 'next b.h']],
    ['#embed, whose file is data', '#embed "a.bin" limit(3)\n', ['data a.bin']],
    ['what is only asked for', '#if __has_include("a.h") && __has_include (<b.h>)\n', ['maybe a.h', 'maybe b.h']],
    ['what a macro of its own asks for', '#if HAVE(<a.h>) || MINE("b.h")\n', ['maybe a.h', 'maybe b.h']],
    ['nothing where __has_include is defined', '#define __has_include(x) 0\n', []],
    [
      '.include and .incbin of an assembler',
      '.include "a.inc"\n  blob: .incbin "b.bin",0,4\n',
      ['quote a.inc', 'data b.bin'],
    ],
    ['the same in assembly within C', 'asm(".incbin \\"b.bin\\"\\n");\n', ['data b.bin']],
    ['two of them in a file without an end of line', '#include "a.h"\n#include "b.h"', ['quote a.h', 'quote b.h']],
    ['nothing in a text without any', 'int included(void) { return 1; }\n', []],
    ['nothing in a sentence', '// # include what you use\n', []],
  ];
  test.for(cases)('%s', ([, text, wanted]) => expect(named(text)).toEqual(wanted));
});

describe('a Go file', () => {
  test('has its C before the import, in either kind of comment', () => {
    expect(named('package a\n\n// #include "a.h"\nimport "C"\n', true)).toEqual(['quote a.h']);
    expect(named('package a\n\n//#include "a.h"\nimport "C"\n', true)).toEqual(['quote a.h']);
    expect(named('package a\n\n/*\n#include "a.h"\n * #include <b.h>\n*/\nimport "C"\n', true)).toEqual([
      'quote a.h',
      'angle b.h',
    ]);
  });

  test('has no C after it', () => {
    expect(named('package a\n\nimport "C"\n\nconst x = `\n#include "a.h"\n`\n', true)).toEqual([]);
  });
});

describe('an include whose name is a macro', () => {
  test('is computed, with each value the text defines', () => {
    const { computed, defines } = readIncludes('#define H "a.h"\n#define J <b.h>\n#define N 1\n#include H\n', false);
    expect(computed).toEqual(['H']);
    expect(defines).toEqual([
      ['H', { name: 'a.h', form: 'quote' }],
      ['J', { name: 'b.h', form: 'angle' }],
    ]);
  });

  test('may be in __has_include', () => {
    expect(readIncludes('#if __has_include(H)\n', false).computed).toEqual(['H']);
  });

  test('may be followed by arguments or a comment', () => {
    expect(readIncludes('#include CAT(a, b)\n#include H // the header\n', false).computed).toEqual(['CAT', 'H']);
  });

  test('is not a sentence', () => {
    expect(readIncludes(' * # include other files here\n', false).computed).toEqual([]);
  });
});
