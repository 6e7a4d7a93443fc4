import { cgoMain, callingMain, goMod, libSource, makeLib, plainMain } from './observe/sources.ts';

/**
 * A file that Go, a compiler, a linker or pkg-config reads and `go list` does not name. In paths and texts `@` is the row's own
 * name: its command is `cmd/@`, whatever else it has lies in `@`. `%` is the tree.
 */
export interface ForeignInput {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** After which the command prints something else; undefined removes a file. */
  readonly edit: Readonly<Record<string, string | undefined>>;
  /** Lines of a shell, run in `@` after each write of files. */
  readonly prepare?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Programs that it needs beside gcc. */
  readonly needs?: readonly string[];
  /** The command prints 1 before the edit, and after it 2, or the output of a plain Go build. */
  readonly after?: 'as Go';
}

const outside = cgoMain('#cgo CFLAGS: -I${SRCDIR}/../../@/inc\n#include "n.h"');
const one = '#define N 1\n';
const two = '#define N 2\n';

/** Files that preprocessors read. */
const headers: readonly ForeignInput[] = [
  {
    name: 'a header outside of the package',
    files: { 'cmd/@/a.go': outside, '@/inc/n.h': one },
    edit: { '@/inc/n.h': two },
  },
  {
    name: 'a header that another one includes by a path of its own',
    files: { 'cmd/@/a.go': outside, '@/inc/n.h': '#include "../deep/d.h"\n', '@/deep/d.h': one },
    edit: { '@/deep/d.h': two },
  },
  {
    name: 'a header in a directory below the package',
    files: { 'cmd/@/a.go': cgoMain('#include "sub/n.h"'), 'cmd/@/sub/n.h': one },
    edit: { 'cmd/@/sub/n.h': two },
  },
  {
    name: 'a header of a package that the command imports',
    files: {
      'cmd/@/a.go': 'package main\n\nimport "seen.example/tree/@/pkg/c"\n\nfunc main() { println(c.N) }\n',
      '@/pkg/c/c.go': 'package c\n\n// #cgo CFLAGS: -I../../@/inc\n// #include "n.h"\nimport "C"\n\nconst N = C.N\n',
      '@/inc/n.h': one,
    },
    edit: { '@/inc/n.h': two },
  },
  {
    name: 'a header that comes to be in an earlier directory',
    files: {
      'cmd/@/a.go': cgoMain('#cgo CFLAGS: -I${SRCDIR}/../../@/early -I${SRCDIR}/../../@/inc\n#include "n.h"'),
      '@/inc/n.h': one,
      '@/early/readme': '',
    },
    edit: { '@/early/n.h': two },
  },
  {
    name: 'a header that is asked for by __has_include, and comes to be',
    files: {
      'cmd/@/a.go': cgoMain(
        '#cgo CFLAGS: -I${SRCDIR}/../../@/inc\n#if __has_include("opt.h")\n#define N 2\n#else\n#define N 1\n#endif',
      ),
      '@/inc/readme': '',
    },
    edit: { '@/inc/opt.h': '\n' },
  },
  {
    name: 'a header whose name a macro gives',
    files: {
      'cmd/@/a.go': cgoMain('#cgo CFLAGS: -I${SRCDIR}/../../@/inc\n#define H "made.h"\n#include H'),
      '@/inc/made.h': one,
    },
    edit: { '@/inc/made.h': two },
  },
  {
    name: 'a header behind a link',
    files: { 'cmd/@/a.go': cgoMain('#include "n.h"'), '@/real/n.txt': one },
    edit: { '@/real/n.txt': two },
    prepare: 'ln -sf ../../@/real/n.txt ../cmd/@/n.h',
  },
  {
    name: 'a header of CPATH',
    files: { 'cmd/@/a.go': cgoMain('#include <n.h>'), '@/inc/n.h': one },
    edit: { '@/inc/n.h': two },
    env: { CPATH: '%/@/inc' },
  },
  {
    name: 'a precompiled header that comes to be beside the header',
    files: { 'cmd/@/a.go': outside, '@/inc/n.h': one, '@/two/n.h': two },
    edit: { '@/two/readme': '' },
    prepare: 'if [ -e two/readme ]; then gcc -m64 -fPIC -O2 -g -pthread two/n.h -o inc/n.h.gch; fi',
    // Whether gcc takes it depends on all of its flags: either way it is what plain Go makes.
    after: 'as Go',
  },
  {
    name: 'a header of C++',
    files: {
      'cmd/@/a.go': callingMain(),
      'cmd/@/f.cc': '#include "../../@/inc/n.hpp"\nextern "C" int f(void) { return N; }\n',
      '@/inc/n.hpp': one,
    },
    edit: { '@/inc/n.hpp': two },
    needs: ['g++'],
  },
  {
    name: "a header of Go's assembler",
    files: {
      'cmd/@/a.go': 'package main\n\nfunc f() int\n\nfunc main() { println(f()) }\n',
      'cmd/@/f_amd64.s':
        '#include "../../@/inc/n.h"\nTEXT ·f(SB), 4, $0-8\n\tMOVQ $N, AX\n\tMOVQ AX, ret+0(FP)\n\tRET\n',
      '@/inc/n.h': one,
    },
    edit: { '@/inc/n.h': two },
  },
  {
    name: 'what .incbin puts into an object',
    files: {
      'cmd/@/a.go': cgoMain(
        "extern char blob[];\nstatic int first(void) { return blob[0] - '0'; }",
        'println(C.first())',
      ),
      'cmd/@/f.S': '.data\n.globl blob\nblob: .incbin "../../@/inc/blob"\n.byte 0\n.section .note.GNU-stack,""\n',
      '@/inc/blob': '1',
    },
    edit: { '@/inc/blob': '2' },
  },
];

const library = (lines: string): Readonly<Record<string, string>> => ({
  ...libSource,
  '@/src/f.c': 'int f(void) { return 1; }\n',
  'cmd/@/a.go': callingMain(lines),
});
const other = { '@/src/f.c': 'int f(void) { return 2; }\n' };

/** Files that linkers read. */
const libraries: readonly ForeignInput[] = [
  {
    name: 'a library behind -L',
    files: library('#cgo LDFLAGS: -L${SRCDIR}/../../@/lib -lf\n'),
    edit: other,
    prepare: `rm -rf lib; ${makeLib}`,
  },
  {
    name: 'a library by its path',
    files: library('#cgo LDFLAGS: ${SRCDIR}/../../@/lib/libf.a\n'),
    edit: other,
    prepare: `rm -rf lib; ${makeLib}`,
  },
  {
    name: 'the member that a thin archive points to',
    files: library('#cgo LDFLAGS: -L${SRCDIR}/../../@/lib -lf\n'),
    edit: other,
    prepare: 'mkdir -p lib obj; gcc -c -o obj/f.o src/f.c; [ -e lib/libf.a ] || ar rcTD lib/libf.a obj/f.o',
  },
  {
    name: 'the library that a linker script names',
    files: { ...library('#cgo LDFLAGS: -L${SRCDIR}/../../@/lib -lf\n'), '@/lib/libf.so': 'INPUT(libreal.a)\n' },
    edit: other,
    prepare: 'gcc -c -o lib/f.o src/f.c; ar rcD lib/libreal.a lib/f.o',
  },
  {
    name: 'a library that comes to be in an earlier directory',
    files: {
      ...library('#cgo LDFLAGS: -L${SRCDIR}/../../@/early -L${SRCDIR}/../../@/lib -lf\n'),
      '@/early/readme': '',
    },
    edit: { '@/early/now': '' },
    prepare: `[ -d lib ] || { ${makeLib}; }
      [ ! -e early/now ] || echo 'int f(void) { return 2; }' | gcc -xc -c -o early/f.o -
      [ ! -e early/now ] || ar rcD early/libf.a early/f.o`,
  },
  {
    name: 'a library of LIBRARY_PATH',
    files: library('#cgo LDFLAGS: -lf\n'),
    edit: other,
    prepare: `rm -rf lib; ${makeLib}`,
    env: { LIBRARY_PATH: '%/@/lib' },
  },
  {
    name: 'what pkg-config says',
    files: {
      'cmd/@/a.go': cgoMain('#cgo pkg-config: foo'),
      '@/pc/foo.pc': 'Name: foo\nDescription: x\nVersion: 1\nRequires: bar\n',
      '@/pc/bar.pc': 'Name: bar\nDescription: x\nVersion: 1\nCflags: -DN=1\n',
    },
    edit: { '@/pc/bar.pc': 'Name: bar\nDescription: x\nVersion: 1\nCflags: -DN=2\n' },
    env: { PKG_CONFIG_PATH: '%/@/pc' },
    needs: ['pkg-config'],
  },
];

/** Files that are read for every package with C. */
const settings: readonly ForeignInput[] = [
  {
    name: 'a header that flags include',
    files: { 'cmd/@/a.go': cgoMain(''), '@/inc/n.h': one },
    edit: { '@/inc/n.h': two },
    env: { CGO_CFLAGS: '-include %/@/inc/n.h' },
  },
  {
    name: 'a library of CGO_LDFLAGS',
    files: library(''),
    edit: other,
    prepare: `rm -rf lib; ${makeLib}`,
    env: { CGO_LDFLAGS: '-L%/@/lib -lf' },
  },
];

const plain = { 'cmd/@/a.go': plainMain };
const overlay = '{"Replace":{"%/cmd/@/a.go":"%/@/o/new.go"}}';

/** Files that flags of Go name. */
const flags: readonly ForeignInput[] = [
  {
    name: 'a file that an overlay names',
    files: { ...plain, '@/o/o.json': overlay, '@/o/new.go': plainMain },
    edit: { '@/o/new.go': plainMain.replace('1', '2') },
    env: { GOFLAGS: '-overlay=%/@/o/o.json' },
  },
  {
    name: 'an overlay itself',
    files: { ...plain, '@/o/o.json': '{}', '@/o/new.go': plainMain.replace('1', '2') },
    edit: { '@/o/o.json': overlay },
    env: { GOFLAGS: '-overlay=%/@/o/o.json' },
  },
  {
    name: 'a header that an overlay puts into a package',
    files: {
      'cmd/@/a.go': cgoMain('#include "n.h"'),
      'cmd/@/n.h': '\n',
      '@/o/n.h': one,
      '@/o/o.json': '{"Replace":{"%/cmd/@/n.h":"%/@/o/n.h"}}',
    },
    edit: { '@/o/n.h': two },
    env: { GOFLAGS: '-overlay=%/@/o/o.json' },
  },
  {
    name: 'another go.mod',
    files: {
      'cmd/@/a.go': 'package main\n\nimport "o.example/o"\n\nfunc main() { println(o.N) }\n',
      '@/o1/go.mod': 'module o.example/o\n',
      '@/o1/o.go': 'package o\n\nconst N = 1\n',
      '@/o2/go.mod': 'module o.example/o\n',
      '@/o2/o.go': 'package o\n\nconst N = 2\n',
      'alt.mod': goMod('\nrequire o.example/o v0.0.0\n\nreplace o.example/o => ./@/o1\n')['go.mod']!,
    },
    edit: { 'alt.mod': goMod('\nrequire o.example/o v0.0.0\n\nreplace o.example/o => ./@/o2\n')['go.mod']! },
    env: { GOFLAGS: '-modfile=%/alt.mod' },
  },
];

/** Of one command each: all may be in one tree, and none of them hides another. */
export const inputsOfCommands: readonly ForeignInput[] = [...headers, ...libraries];
/** Of all commands of a tree. */
export const inputsOfTrees: readonly ForeignInput[] = [...settings, ...flags];
