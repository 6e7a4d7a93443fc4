import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listedPart } from './go-header.ts';

const header = (text: string, name = 'x.go') => listedPart(name, Buffer.from(text, 'latin1'))?.toString('latin1');
const expectSame = (one: string, other: string, name = 'x.go') => expect(header(other, name)).toBe(header(one, name));
const expectDifferent = (one: string, other: string, name = 'x.go') =>
  expect(header(other, name) ?? other).not.toBe(header(one, name) ?? one);

describe('the header of a Go file', () => {
  it('does not change with the body, the license or the comments between imports', () => {
    expectSame(
      '// Copyright 1\n\npackage a\n\nimport "b"\n\nfunc f() {}\n',
      '// Copyright 2\n// All of it.\n\npackage a\n\nimport "b" // why\n\nfunc g() { import_() }\n',
    );
    expectSame(
      'package a\nimport (\n\t"b"\n)\nvar x = 1',
      'package a\nimport (\n\t// first\n\t"b"\n)\n/* import "c" */ var x = "import"',
    );
  });

  it.each([
    ['after a block comment that holds quotes', 'package a\n/* " ` // */', '\nimport "c"', '\nvar x int'],
    ['after a comment that looks open', 'package a\n// /*\n', 'import "c"\n// */', 'var x int\n// */'],
    ['after a comment that looks closed twice', 'package a\n/*/ */', ' import "c"', ' var x int'],
    ['behind a semicolon', 'package a; import "b"', '; import "c"', '; var x int'],
    ['in a second group', 'package a\nimport ("b")\n', 'import ("c")', 'var x int'],
    ['with a raw string', 'package a\nimport `b`\n', 'import `c`', 'var c = `c`'],
    [
      'with an odd name',
      'package a\nimport . "b"\nimport _ "b"\nimport \xc3\xa9 "b"\n',
      'import \xc3\xb6 "c"',
      'var x int',
    ],
    ['after carriage returns', 'package a\r\n\r\nimport "b"\r\n', 'import "c"\r\n', 'var x int\r\n'],
    ['after a byte order mark', '\xef\xbb\xbfpackage a\n', 'import "c"', 'var x int'],
    ['whose path holds slashes and quotes', 'package a\nimport "b//\\"/*"\n', 'import "c"', 'var x int'],
  ])('sees an import %s', (_, before, added, body) => {
    expectDifferent(`${before}${body}\n`, `${before}${added}\n${body}\n`);
    expect(header(`${before}${added}\n`)).toContain('c');
  });

  it('changes with constraints, directives, the package clause and an import comment', () => {
    const file = '//go:build linux\n\npackage a\n';
    expectDifferent(file, file.replace('linux', 'darwin'));
    expectDifferent('// +build linux\n\npackage a\n', '// +build linux\npackage a\n');
    expectDifferent('package a\n', 'package a // import "x/a"\n');
    expectDifferent('package a\n', 'package a /* import "x/a" */\n');
    expectDifferent('package a\n', '//go:debug panicnil=1\npackage a\n');
    expectDifferent('package a\n', 'package a_test\n');
  });

  it('contains the preamble of import "C" byte for byte', () => {
    const cgo = (flags: string) => `package a\n\n// #cgo LDFLAGS: ${flags}\n// #include <x.h>\nimport "C"\n`;
    expectDifferent(cgo('-lm'), cgo('-lz'));
    expectDifferent(cgo('-lm').replace('"C"', '`C`'), cgo('-lz').replace('"C"', '`C`'));
    expectSame(cgo('-lm'), `${cgo('-lm')}\nfunc f() {}\n`);
  });

  it('contains the embed lines of files that import embed, and only of those', () => {
    const file = (path: string, pattern: string) =>
      `package a\nimport _ ${path}\nvar x int\n \t//go:embed ${pattern}\nvar y string\n`;
    expectDifferent(file('"embed"', 'a.txt'), file('"embed"', 'b.txt'));
    expectDifferent(file('`embed`', 'a.txt'), file('`embed`', 'b.txt'));
    expectDifferent(file('"emb\\x65d"', 'a.txt'), file('"emb\\x65d"', 'b.txt'));
    expectSame(file('"fmt"', 'a.txt'), file('"fmt"', 'b.txt'));
    expectSame(file('"embed"', 'a.txt'), file('"embed"', 'a.txt').replace('x int', 'x, z int'));
  });

  it('is the whole file if Go itself reads on or reports an error', () => {
    for (const text of [
      '',
      'packag a',
      'package a\nimport "b',
      'package a\nimport (\n"b"\n',
      'package a\n/* open',
      'package a\nimporting "b"',
      'package a // \0\n',
      'package a // \xff\n',
      '//line x:0\npackage a\n',
    ]) {
      expect(header(text)).toBeUndefined();
    }
  });

  it('of C and assembly contains possible constraints, and of any other file everything', () => {
    expectSame('// A.\n#include "x.h"\n', '// B.\n#include "y.h"\n', 'x.c');
    expectDifferent('//go:build a\n\nTEXT ·f(SB)\n', '//go:build b\n\nTEXT ·f(SB)\n', 'x_amd64.s');
    expect(header('module a\n', 'go.mod')).toBeUndefined();
  });
});

interface Answer {
  readonly Path: string;
  readonly Broken: boolean;
  readonly Package: number;
  readonly End: number;
  readonly Imports: readonly string[] | null;
  readonly Embeds: readonly string[] | null;
  readonly Constraints: readonly string[] | null;
}

const hasGo = spawnSync('go', ['version']).status === 0;

// SLIPWAY_HEADER_TREES=/a:/b selects whole trees instead.
describe('against go/parser, on real files', { skip: !hasGo, meta: { why: 'there is no go on PATH' } }, () => {
  it('finds the same imports and embed lines, and reacts to one more of either', () => {
    const source = join(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'src');
    const trees =
      process.env['SLIPWAY_HEADER_TREES']?.split(':') ??
      ['cmd/go', 'cmd/cgo', 'net', 'go', 'runtime', 'embed', 'crypto', 'internal'].map((dir) => join(source, dir));
    const program = join(import.meta.dirname, 'fixtures/imports/main.go');
    const out = execFileSync('go', ['run', program, ...trees], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      env: { ...process.env, GOWORK: 'off', GOFLAGS: '' },
    });
    const wrong: string[] = [];
    let files = 0;
    for (const line of out.trim().split('\n')) {
      const answer = JSON.parse(line) as Answer;
      files++;
      const fault = faultOf(answer, readFileSync(answer.Path));
      if (fault !== undefined) wrong.push(`${answer.Path}: ${fault}`);
    }
    expect(wrong).toEqual([]);
    expect(files).toBeGreaterThan(1000);
  });
});

function faultOf(answer: Answer, bytes: Buffer): string | undefined {
  // For a whole file, the parser also reports errors that go list never sees.
  if (answer.Broken) return undefined;
  const part = listedPart('x.go', bytes);
  if (part === undefined) return /\/\/line |\/\*line /.test(bytes.toString()) ? undefined : 'taken whole';
  const said = [...(answer.Imports ?? []), ...(answer.Embeds ?? []), ...(answer.Constraints ?? [])];
  const missing = said.find((text) => !part.includes(text));
  if (missing !== undefined) return `without ${missing}`;

  const at = answer.End;
  const insert = (from: number, text: string) =>
    Buffer.concat([bytes.subarray(0, from), Buffer.from(text), bytes.subarray(from)]);
  if (listedPart('x.go', insert(at, '\nimport _ "added"'))?.equals(part)) return 'an added import is not seen';
  if (listedPart('x.go', insert(0, '//go:build added\n'))?.equals(part)) return 'an added constraint is not seen';
  const embed = Buffer.concat([bytes, Buffer.from('\n//go:embed added\nvar added string\n')]);
  if (answer.Imports?.includes('"embed"') === true && listedPart('x.go', embed)?.equals(part))
    return 'an added embed line is not seen';
  const body = listedPart('x.go', Buffer.concat([bytes, Buffer.from('\nvar added = "import"\n')]));
  if (body?.equals(part) !== true) return 'a longer body changes it';
  const cut = bytes.indexOf('\n', at);
  const short = Buffer.concat([bytes.subarray(0, cut < 0 ? bytes.length : cut), Buffer.from('\nvar added int\n')]);
  return answer.Embeds === null && !listedPart('x.go', short)?.equals(part) ? 'another body changes it' : undefined;
}
