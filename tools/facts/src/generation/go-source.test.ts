import { expect, test } from 'vitest';
import { importsOf } from './go-source.ts';

test.each<[string, string, string[]]>([
  ['one', 'package a\nimport "b"\n', ['b']],
  ['several', 'package a; import "b"; import c "d/c"\nimport . "e"\nimport _ `f`', ['b', 'd/c', 'e', 'f']],
  [
    'a group',
    'package a\n\nimport (\n\t"b"\n\n\tx "c/d" // why "not"\n\t/* "no" */ _ "e"\n)\nvar s = "f"\n',
    ['b', 'c/d', 'e'],
  ],
  [
    'comments before and between',
    '// "x"\n/* import "y" */\n// +build z\n\npackage a // "v"\n\n// w\nimport "b" // u\n',
    ['b'],
  ],
  ['none', 'package a\n\nfunc f() { _ = `import "b"` }\n', []],
  ['import as a word later', 'package a\nvar x = 1\nimport "b"\n', []],
  ['cgo', 'package a\n\n// #include <a.h>\nimport "C"\nimport "b"\n', ['C', 'b']],
  ['a byte order mark, nothing else', '\uFEFFpackage a', []],
  ['nothing', '', []],
])('imports of a file with %s', (_what, text, imports) => expect(importsOf(text)).toEqual(imports));
