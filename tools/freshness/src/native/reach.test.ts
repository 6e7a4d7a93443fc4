import { describe, expect, test } from 'vitest';
import { type Include, readIncludes } from './includes.ts';
import { type Reached, type SearchPath, reachIncludes } from './reach.ts';

interface World {
  /** Texts by path; undefined for a directory. */
  readonly files: Readonly<Record<string, string | undefined>>;
  readonly starts?: readonly string[];
  readonly search?: Partial<SearchPath>;
  readonly macros?: readonly (readonly [string, string])[];
  readonly precompiled?: boolean;
  readonly implied?: readonly Include[];
}

function reach(world: World): Reached {
  const { files, starts = ['/p/a.c'], search, macros = [], precompiled = false, implied = [] } = world;
  const kindOf = (path: string) => (path in files ? (files[path] === undefined ? 'directory' : 'file') : 'absent');
  return reachIncludes(starts, {
    index: { look: (path: string) => ({ kind: kindOf(path) }) as never },
    search: { quote: [], dirs: [], ...search },
    includesOf: (path) => readIncludes(files[path] ?? '', false),
    macros,
    precompiled,
    implied,
    cwd: '/p',
  });
}

const found = ({ files, absent }: Reached) => ({ files: [...files].sort(), absent: [...absent].sort() });

describe('the files that may be read', () => {
  test('prefer a header beside the file to one of a directory, which is then not searched', () => {
    const files = { '/p/a.c': '#include "n.h"', '/p/n.h': '', '/inc/n.h': '' };
    expect(found(reach({ files, search: { dirs: ['/inc'] } }))).toEqual({ files: ['/p/n.h'], absent: [] });
  });

  test('include as absent the places where a header would be found first', () => {
    const files = { '/p/a.c': '#include "n.h"', '/inc/n.h': '' };
    expect(found(reach({ files, search: { quote: ['/q'], dirs: ['/early', '/inc', '/late'] } }))).toEqual({
      files: ['/inc/n.h'],
      absent: ['/early/n.h', '/p/n.h', '/q/n.h'],
    });
  });

  test("for an include by a flag are searched in the compiler's directory, then in the search path", () => {
    const files = { '/p/a.c': '', '/p/m.h': '', '/inc/n.h': '#include "o.h"', '/inc/o.h': '' };
    const implied: Include[] = ['m.h', 'n.h'].map((name) => ({ name, form: 'quote' }));
    expect(found(reach({ files, implied, search: { dirs: ['/inc'] } }))).toEqual({
      files: ['/inc/n.h', '/inc/o.h', '/p/m.h'],
      absent: ['/p/n.h'],
    });
  });

  test('for angle brackets are not searched beside the file, or in directories of -iquote', () => {
    const files = { '/p/a.c': '#include <n.h>', '/p/n.h': '', '/q/n.h': '', '/inc/n.h': '' };
    expect(found(reach({ files, search: { quote: ['/q'], dirs: ['/inc'] } })).files).toEqual(['/inc/n.h']);
  });

  test('follow a chain from directory to directory, and end in a circle', () => {
    const files = { '/p/a.c': '#include "../x/b.h"', '/x/b.h': '#include "c.h"', '/x/c.h': '#include "b.h"' };
    expect(found(reach({ files }))).toEqual({ files: ['/x/b.h', '/x/c.h'], absent: [] });
  });

  test('for #include_next are all existing candidates', () => {
    const files = { '/p/a.c': '#include_next <n.h>', '/one/n.h': '', '/two/n.h': '' };
    expect(found(reach({ files, search: { dirs: ['/one', '/two'] } })).files).toEqual(['/one/n.h', '/two/n.h']);
  });

  test('include a tested file, existing or not', () => {
    const files = { '/p/a.c': '#if __has_include("n.h") || __has_include("m.h")', '/p/m.h': '' };
    expect(found(reach({ files }))).toEqual({ files: ['/p/m.h'], absent: ['/p/n.h'] });
  });

  test('do not follow data', () => {
    const files = { '/p/a.c': '#embed "d.bin"', '/p/d.bin': '#include "x.h"' };
    expect(found(reach({ files }))).toEqual({ files: ['/p/d.bin'], absent: [] });
  });

  test('for an absolute name are searched in one place', () => {
    const files = { '/p/a.c': '#include "/x/n.h"' };
    expect(found(reach({ files, search: { dirs: ['/inc'] } }))).toEqual({ files: [], absent: ['/x/n.h'] });
  });
});

describe('an include whose name is a macro', () => {
  test('is every value of the macro in any file', () => {
    const files = {
      '/p/a.c': '#include "c.h"\n#include H',
      '/p/c.h': '#ifdef X\n#define H "one.h"\n#else\n#define H "two.h"\n#endif',
      '/p/one.h': '',
      '/p/two.h': '#include "three.h"',
      '/p/three.h': '',
    };
    expect(found(reach({ files })).files).toEqual(['/p/c.h', '/p/one.h', '/p/three.h', '/p/two.h']);
  });

  test.for(['"n.h"', '<n.h>', '\\"n.h\\"'])('may get its value from a flag: -DH=%s', (value) => {
    const files = { '/p/a.c': '#include H', '/inc/n.h': '' };
    const reached = reach({ files, macros: [['H', value]], search: { dirs: ['/inc'] } });
    expect({ files: [...reached.files], problem: reached.problem }).toEqual({
      files: ['/inc/n.h'],
      problem: undefined,
    });
  });

  test('without a definition is a problem that names the file', () => {
    expect(reach({ files: { '/p/a.c': '#include H' } }).problem).toBe(
      '#include H in /p/a.c: the file it names is not known',
    );
  });
});

describe('a precompiled header', () => {
  test('is an input beside the header, and in each directory before', () => {
    const files = { '/p/a.c': '#include "n.h"', '/inc/n.h': '', '/inc/n.h.gch': 'x' };
    expect(found(reach({ files, search: { dirs: ['/early', '/inc'] }, precompiled: true }))).toEqual({
      files: ['/inc/n.h', '/inc/n.h.gch'],
      absent: ['/early/n.h', '/early/n.h.gch', '/p/n.h', '/p/n.h.gch'],
    });
  });

  test('that is a directory with several files is a problem', () => {
    const files = { '/p/a.c': '#include "n.h"', '/p/n.h': '', '/p/n.h.gch': undefined };
    expect(reach({ files, precompiled: true }).problem).toBe('slipway cannot tell which file of /p/n.h.gch is read');
  });
});
