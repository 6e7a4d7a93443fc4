import type { ObservedBuild } from './observe.ts';
import { callingMain, cgoMain, goMod, libSource, makeLib, selfContained } from './sources.ts';

/** Commands with C: files that the preprocessor reads. */
export const headerBuilds: readonly ObservedBuild[] = [
  { name: 'C in the Go file alone', files: { ...goMod(), 'cmd/a/a.go': selfContained } },
  {
    name: 'a C file, its header, and one in a directory below',
    files: {
      ...goMod(),
      'cmd/a/a.go': cgoMain('#include "n.h"', 'println(C.f())'),
      'cmd/a/n.h': '#include "sub/m.h"\nint f(void);\n',
      'cmd/a/sub/m.h': '#define N 1\n',
      'cmd/a/f.c': '#include "n.h"\nint f(void) { return N; }\n',
    },
  },
  {
    name: 'a chain of headers outside the package',
    files: {
      ...goMod(),
      'cmd/a/a.go': cgoMain('#cgo CFLAGS: -I${SRCDIR}/../../inc -I${SRCDIR}/../../more\n#include "n.h"'),
      'inc/n.h': '#include "../deep/d.h"\n#include <e.h>\n',
      'deep/d.h': '#define N M\n',
      'more/e.h': '#define M 3\n',
    },
  },
  {
    name: 'a header that may be there, and one whose name is made',
    files: {
      ...goMod(),
      'cmd/a/a.go': cgoMain(
        '#cgo CFLAGS: -I${SRCDIR}/../../inc\n#if __has_include("opt.h")\n#define N 2\n#else\n#define N 1\n#endif\n#define H "made.h"\n#include H',
      ),
      'inc/made.h': '\n',
    },
  },
  {
    name: 'headers named by flags: -include, -imacros, -isystem, -iquote',
    files: {
      ...goMod(),
      'cmd/a/a.go': cgoMain(
        '#cgo CFLAGS: -include n.h -imacros m.h -isystem ${SRCDIR}/../../inc -iquote ${SRCDIR}/../../q\n#include "q.h"',
      ),
      'inc/n.h': '\n',
      'inc/m.h': '#define N 4\n',
      'q/q.h': '\n',
    },
    env: { CGO_CFLAGS_ALLOW: '.*' },
  },
  {
    name: 'a header behind a link, and a directory of headers that is one',
    files: {
      ...goMod(),
      'cmd/a/a.go': cgoMain('#cgo CFLAGS: -I${SRCDIR}/../../inc\n#include "n.h"\n#include "l.h"'),
      'real/n.h': '#define N 1\n',
      'other/x.h': '\n',
    },
    prepare: 'ln -s real inc; ln -s ../other/x.h real/l.h',
  },
  {
    name: 'a library package with cgo that a command without it uses',
    files: {
      ...goMod(),
      'cmd/a/a.go': 'package main\n\nimport "seen.example/tree/pkg/c"\n\nfunc main() { println(c.N) }\n',
      'pkg/c/c.go': 'package c\n\n// #cgo CFLAGS: -I../../inc\n// #include "n.h"\nimport "C"\n\nconst N = C.N\n',
      'inc/n.h': '#define N 1\n',
    },
  },
  {
    name: 'C++ with a header outside',
    files: {
      ...goMod(),
      'cmd/a/a.go': callingMain(),
      'cmd/a/f.cpp':
        '#include <vector>\n#include "../../inc/n.hpp"\nextern "C" int f(void) { std::vector<int> v(N); return v.size(); }\n',
      'inc/n.hpp': '#define N 4\n',
    },
    needs: ['g++'],
  },
  {
    name: 'SWIG with an interface and a header outside',
    files: {
      ...goMod(),
      'cmd/a/a.go': 'package main\n\nimport "seen.example/tree/pkg/s"\n\nfunc main() { println(s.F()) }\n',
      'pkg/s/s.go': 'package s\n',
      'pkg/s/s.swigcxx':
        '%module s\n%include "../../inc/i.i"\n%inline %{\n#include "../../inc/n.h"\nint F() { return N; }\n%}\n',
      'inc/i.i': '\n',
      'inc/n.h': '#define N 1\n',
    },
    needs: ['swig', 'g++'],
    never: /slipway cannot tell which files are read for s\.swigcxx/,
  },
  {
    name: 'Fortran with an included file',
    files: {
      ...goMod(),
      'cmd/a/a.go': cgoMain('#cgo LDFLAGS: -lgfortran\nint f_(void);', 'println(C.f_())'),
      'cmd/a/f.f90': 'integer function f()\n include "../../inc/k.inc"\n f = k\nend function\n',
      'inc/k.inc': 'integer, parameter :: k = 3\n',
    },
    needs: ['gfortran'],
    never: /slipway cannot tell which files are read for f\.f90/,
  },
  {
    name: 'assembly of Go with headers in and outside the package',
    files: {
      ...goMod(),
      'cmd/a/a.go': 'package main\n\nfunc f() int\n\nfunc main() { println(f()) }\n',
      'cmd/a/f_amd64.s':
        '#include "textflag.h"\n#include "k.h"\n#include "../../inc/l.h"\nTEXT ·f(SB), NOSPLIT, $0-8\n\tMOVQ $K, AX\n\tMOVQ AX, ret+0(FP)\n\tRET\n',
      'cmd/a/k.h': '#define K L\n',
      'inc/l.h': '#define L 9\n',
    },
  },
  {
    name: 'assembly of gcc, beside cgo, with .include and .incbin',
    files: {
      ...goMod(),
      'cmd/a/a.go': callingMain(),
      'cmd/a/f.S':
        '.include "../../inc/k.inc"\n.text\n.globl f\nf:\n\tmovl $K, %eax\n\tret\n.data\n.incbin "../../inc/blob"\n.section .note.GNU-stack,"",@progbits\n',
      'inc/k.inc': '.set K, 3\n',
      'inc/blob': 'blob',
    },
  },
];

/** Commands with C: files that the linker reads. */
export const libraryBuilds: readonly ObservedBuild[] = [
  {
    name: 'a static library behind -L',
    files: { ...goMod(), ...libSource, 'cmd/a/a.go': callingMain('#cgo LDFLAGS: -L${SRCDIR}/../../lib -lf\n') },
    prepare: makeLib,
  },
  {
    name: 'a static library by its path',
    files: { ...goMod(), ...libSource, 'cmd/a/a.go': callingMain('#cgo LDFLAGS: ${SRCDIR}/../../lib/libf.a\n') },
    prepare: makeLib,
  },
  {
    name: 'an object file in the package, by its path',
    files: { ...goMod(), ...libSource, 'cmd/a/a.go': callingMain('#cgo LDFLAGS: ${SRCDIR}/f.o\n') },
    prepare: 'gcc -c -o cmd/a/f.o src/f.c',
  },
  {
    name: 'a shared library behind -L',
    files: {
      ...goMod(),
      ...libSource,
      'cmd/a/a.go': callingMain('#cgo LDFLAGS: -L${SRCDIR}/../../lib -lf -Wl,-rpath=${SRCDIR}/../../lib\n'),
    },
    prepare: 'mkdir lib; gcc -shared -fPIC -o lib/libf.so src/f.c',
  },
  {
    name: 'a library that is a linker script and names another',
    files: {
      ...goMod(),
      ...libSource,
      'cmd/a/a.go': callingMain('#cgo LDFLAGS: -L${SRCDIR}/../../lib -lf\n'),
      'lib/libf.so': 'INPUT(libreal.a)\n',
    },
    prepare: `${makeLib}; mv lib/libf.a lib/libreal.a`,
  },
  {
    name: 'a thin archive, which only says where its members are',
    files: { ...goMod(), ...libSource, 'cmd/a/a.go': callingMain('#cgo LDFLAGS: -L${SRCDIR}/../../lib -lf\n') },
    prepare: 'mkdir lib obj; gcc -c -o obj/f.o src/f.c; ar rcTD lib/libf.a obj/f.o',
  },
  {
    name: 'a .syso file',
    files: { ...goMod(), ...libSource, 'cmd/a/a.go': callingMain() },
    prepare: 'gcc -c -o cmd/a/f_linux_amd64.syso src/f.c',
  },
  {
    name: 'pkg-config with a package that requires another',
    files: {
      ...goMod(),
      'cmd/a/a.go': cgoMain('#cgo pkg-config: foo\n#include <n.h>'),
      'pc/foo.pc': 'Name: foo\nDescription: x\nVersion: 1\nRequires: bar\nCflags: -I@W@/inc\nLibs:\n',
      'pc/bar.pc': 'Name: bar\nDescription: x\nVersion: 1\nCflags: -I@W@/more\nLibs:\n',
      'inc/n.h': '#include <m.h>\n',
      'more/m.h': '#define N 1\n',
    },
    env: { PKG_CONFIG_PATH: '@W@/pc' },
    needs: ['pkg-config'],
  },
  {
    name: 'a static library that pkg-config names',
    files: {
      ...goMod(),
      ...libSource,
      'cmd/a/a.go': callingMain('#cgo pkg-config: foo\n'),
      'pc/foo.pc': 'Name: foo\nDescription: x\nVersion: 1\nCflags:\nLibs: -L@W@/lib -lf\n',
    },
    prepare: makeLib,
    env: { PKG_CONFIG_PATH: '@W@/pc' },
    needs: ['pkg-config'],
  },
  {
    name: 'a script in the place of pkg-config',
    files: {
      ...goMod(),
      'cmd/a/a.go': cgoMain('#cgo pkg-config: foo\n#include <n.h>'),
      'bin/my-pc': '#!/bin/sh\ncase "$1" in --cflags) echo -I@W@/inc ;; esac\n',
      'inc/n.h': '#define N 1\n',
    },
    env: { PKG_CONFIG: '@W@/bin/my-pc' },
    never: /script .*my-pc/,
  },
  {
    name: 'a linker script of GNU ld: -extldflags=-T',
    files: {
      ...goMod(),
      'cmd/a/a.go': selfContained,
      'x.ld': 'SECTIONS { .mine : { *(.mine) } } INSERT AFTER .text;\n',
    },
    args: ['all', "GOLDFLAGS=-linkmode=external '-extldflags=-Wl,-T,@W@/x.ld'"],
  },
  {
    name: 'a response file: -extldflags=@file',
    files: { ...goMod(), 'cmd/a/a.go': selfContained, 'flags.rsp': '-Wl,--build-id=none\n' },
    args: ['all', 'GOLDFLAGS=-linkmode=external -extldflags=@@W@/flags.rsp'],
    never: /flags\.rsp/,
  },
  {
    name: 'another program that links: -extld',
    files: { ...goMod(), 'cmd/a/a.go': selfContained, 'bin/ld': '#!/bin/sh\nexec gcc "$@"\n' },
    args: ['all', 'GOLDFLAGS=-linkmode=external -extld=@W@/bin/ld'],
    never: /extld/,
  },
];

const withHeader = { ...goMod(), 'cmd/a/a.go': cgoMain('#include "n.h"'), 'inc/n.h': '#define N 1\n' };
const withLibrary = { ...goMod(), ...libSource, 'cmd/a/a.go': callingMain() };

/** Commands with C: files that the compiler reads because of the environment. */
export const compilerBuilds: readonly ObservedBuild[] = [
  { name: 'CGO_CFLAGS=-I', files: withHeader, env: { CGO_CFLAGS: '-I@W@/inc' } },
  {
    name: 'CGO_CPPFLAGS=-include',
    files: { ...withHeader, 'cmd/a/a.go': cgoMain('') },
    env: { CGO_CPPFLAGS: '-include @W@/inc/n.h' },
  },
  { name: 'CGO_LDFLAGS=-L', files: withLibrary, prepare: makeLib, env: { CGO_LDFLAGS: '-L@W@/lib -lf' } },
  { name: 'CPATH', files: withHeader, env: { CPATH: '@W@/inc' } },
  { name: 'C_INCLUDE_PATH', files: withHeader, env: { C_INCLUDE_PATH: '@W@/inc' } },
  {
    name: 'LIBRARY_PATH',
    files: { ...withLibrary, 'cmd/a/a.go': callingMain('#cgo LDFLAGS: -lf\n') },
    prepare: makeLib,
    env: { LIBRARY_PATH: '@W@/lib' },
  },
  { name: 'CC with a flag', files: withHeader, env: { CC: 'gcc -I@W@/inc' } },
  {
    name: 'CC is clang',
    files: { ...goMod(), 'cmd/a/a.go': selfContained },
    env: { CC: 'clang' },
    needs: ['clang'],
    stays: [
      {
        path: /^(?!.*\/tree\/).* by clang$/,
        why: 'clang looks which distribution this is, for other versions of gcc, for CUDA and ROCm: what it uses of that is in the key',
      },
    ],
  },
  {
    name: 'CC is a script around gcc',
    files: { ...goMod(), 'cmd/a/a.go': selfContained, 'bin/cc': '#!/bin/sh\nexec gcc "$@"\n' },
    env: { CC: '@W@/bin/cc' },
    never: /script .*bin\/cc/,
  },
  {
    name: 'CC is ccache',
    files: { ...goMod(), 'cmd/a/a.go': selfContained },
    env: { CC: 'ccache gcc' },
    needs: ['ccache'],
    stays: [{ path: /ccache/, why: 'what it keeps was made of the same inputs' }],
  },
];
