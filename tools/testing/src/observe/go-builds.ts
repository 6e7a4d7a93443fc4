import type { ObservedBuild } from './observe.ts';
import { cgoMain, goMod, plainMain, replacing, selfContained, usingModule } from './sources.ts';

const plain = { ...goMod(), 'cmd/a/a.go': plainMain };
const assembled = {
  ...goMod(),
  'cmd/a/a.go': 'package main\n\nfunc f() int\n\nfunc main() { println(f()) }\n',
  'cmd/a/f_amd64.s': '#include "k.h"\nTEXT ·f(SB), 4, $0-8\n\tMOVQ $K, AX\n\tMOVQ AX, ret+0(FP)\n\tRET\n',
  'inc/k.h': '#define K 8\n',
};

/** Files that Go itself finds: of packages, modules and settings. */
export const sourceBuilds: readonly ObservedBuild[] = [
  { name: 'nothing but Go', files: plain },
  {
    name: 'embedded files, in a directory with links in it',
    files: {
      ...goMod(),
      'cmd/a/a.go':
        'package main\n\nimport "embed"\n\n//go:embed data\nvar f embed.FS\n\nfunc main() { _ = f; println(1) }\n',
      'cmd/a/data/one.txt': '1',
      'cmd/a/data/sub/two.txt': '2',
    },
    prepare: 'ln -s one.txt cmd/a/data/link.txt',
  },
  {
    name: 'a package whose directory is a link',
    files: {
      ...goMod(),
      'cmd/a/a.go': plainMain
        .replace('main()', 'main()')
        .replace('1', 'p.N')
        .replace('\n\n', '\n\nimport "seen.example/tree/pkg/p"\n\n'),
      'real/p.go': 'package p\n\nconst N = 1\n',
    },
    prepare: 'mkdir pkg; ln -s ../real pkg/p',
  },
  {
    name: 'a source file that is a link',
    files: { ...goMod(), 'cmd/a/a.go': plainMain.replace('1', 'n'), 'real/x.txt': 'package main\n\nconst n = 1\n' },
    prepare: 'ln -s ../../real/x.txt cmd/a/b.go',
  },
  {
    name: 'a module of go.work',
    files: { ...goMod(), ...usingModule('o'), 'go.work': 'go 1.24\n\nuse (\n\t.\n\t./o\n)\n' },
  },
  {
    name: 'GOWORK names another file',
    files: { ...goMod(), ...usingModule('o'), 'other/x.work': 'go 1.24\n\nuse (\n\t..\n\t../o\n)\n' },
    env: { GOWORK: '@W@/other/x.work' },
  },
  {
    name: 'GOWORK=off',
    files: {
      ...replacing('./p'),
      ...usingModule('o'),
      'go.work': 'go 1.24\n\nuse (\n\t.\n\t./o\n)\n',
      'p/go.mod': 'module o.example/o\n\ngo 1.24\n',
      'p/o.go': 'package o\n\nconst N = 2\n',
    },
    env: { GOWORK: 'off' },
  },
  { name: 'go.work above the tree', files: plain, prepare: "printf 'go 1.24\\n\\nuse ./tree\\n' >@B@/go.work" },
  {
    name: 'a replaced module outside the tree',
    files: { ...replacing('../o'), ...usingModule('o') },
    prepare: 'mv o ../o',
  },
  {
    name: 'a replaced module with cgo outside the tree, whose header is outside of it',
    files: {
      ...replacing('../o'),
      ...usingModule('o'),
      'o/o.go': 'package o\n\n// #cgo CFLAGS: -I${SRCDIR}/../inc\n// #include "n.h"\nimport "C"\n\nconst N = C.N\n',
      'inc/n.h': '#define N 1\n',
    },
    prepare: 'mv o ../o; mv inc ../inc',
  },
  {
    name: 'a vendored module',
    files: {
      ...goMod('\nrequire o.example/o v0.0.0\n'),
      ...usingModule('vendor/o.example/o'),
      'vendor/modules.txt': '# o.example/o v0.0.0\n## explicit; go 1.24\no.example/o\n',
    },
    prepare: 'rm vendor/o.example/o/go.mod',
  },
  {
    name: 'another go.mod: -modfile',
    files: { ...plain, 'alt.mod': goMod()['go.mod']! },
    env: { GOFLAGS: '-modfile=@W@/alt.mod' },
  },
  { name: 'go.mod may be written: -mod=mod', files: { ...plain, 'go.sum': '' }, env: { GOFLAGS: '-mod=mod' } },
  {
    name: 'go.env of a copy of Go',
    files: plain,
    prepare: 'cp -R @GOROOT@ @B@/goroot; echo GOSUMDB=off >>@B@/goroot/go.env',
    env: { PATH: '@B@/goroot/bin:/usr/bin:/bin' },
  },
  { name: 'another file of settings: GOENV', files: { ...plain, goenv: 'GOSUMDB=off\n' }, env: { GOENV: '@W@/goenv' } },
  {
    name: 'a test binary with a data file',
    files: {
      ...plain,
      'test/e2e/e2e_test.go': 'package e2e\n\nimport "testing"\n\nfunc TestX(t *testing.T) {}\n',
      'test/e2e/testdata/x': 'x',
    },
    args: ['all', 'WHAT=test/e2e/e2e.test'],
  },
  {
    name: 'the library of Go with cgo: net and os/user',
    files: { ...goMod(), 'cmd/a/a.go': 'package main\n\nimport (\n\t_ "net"\n\t_ "os/user"\n)\n\nfunc main() {}\n' },
  },
  { name: 'two other platforms', files: plain, args: ['all', 'KUBE_BUILD_PLATFORMS=linux/arm64 windows/amd64'] },
];

/** Files that Go reads because of flags. */
export const flagBuilds: readonly ObservedBuild[] = [
  {
    name: 'an overlay that replaces, adds and takes away',
    files: {
      ...plain,
      'cmd/a/gone.go': 'package main\n\nvar bad int = "x"\n',
      'o/new.go': plainMain.replace('1', '2'),
      'o/added.go': 'package main\n',
      'o/o.json':
        '{"Replace":{"@W@/cmd/a/a.go":"@W@/o/new.go","@W@/cmd/a/added.go":"@W@/o/added.go","@W@/cmd/a/gone.go":""}}',
    },
    env: { GOFLAGS: '-overlay=@W@/o/o.json' },
  },
  {
    name: 'an overlay of a header',
    files: {
      ...goMod(),
      'cmd/a/a.go': cgoMain('#include "n.h"'),
      'cmd/a/n.h': '#define N 1\n',
      'o/n.h': '#define N 2\n',
      'o/o.json': '{"Replace":{"@W@/cmd/a/n.h":"@W@/o/n.h"}}',
    },
    env: { GOFLAGS: '-overlay=@W@/o/o.json' },
  },
  { name: 'a profile beside the command: default.pgo', files: { ...plain, 'cmd/a/default.pgo': '' } },
  { name: 'a profile elsewhere: -pgo', files: { ...plain, 'x/prof': '' }, env: { GOFLAGS: '-pgo=@W@/x/prof' } },
  {
    name: 'a program around the tools: -toolexec',
    files: { ...plain, 'bin/t': '#!/bin/sh\nexec "$@"\n' },
    env: { GOFLAGS: '-toolexec=@W@/bin/t' },
    never: /toolexec/,
  },
  { name: 'headers of assembly: -asmflags=-I=DIR', files: assembled, env: { GOFLAGS: '-asmflags=-I=@W@/inc' } },
  { name: 'headers of assembly: -asmflags with a space', files: assembled, env: { GOFLAGS: "'-asmflags=-I @W@/inc'" } },
  {
    name: 'a file the compiler is told to read: -gcflags=-symabis',
    files: { ...plain, 'x/symabis': '' },
    env: { GOFLAGS: '-gcflags=-symabis=@W@/x/symabis' },
  },
  { name: 'version control: -buildvcs', files: plain, env: { GOFLAGS: '-buildvcs=true' }, never: /asks git/ },
  { name: '-race', files: plain, env: { GOFLAGS: '-race' } },
  {
    name: '-asan',
    files: plain,
    env: { GOFLAGS: '-asan' },
    stays: [
      {
        path: /\/(libm\.so\.6|ld\.so\.conf)\b.* by ld$/,
        why: 'a library that another library needs is looked through for names, and changes no byte',
      },
    ],
  },
  { name: '-cover', files: plain, env: { GOFLAGS: '-cover' } },
  { name: '-buildmode=pie', files: { ...goMod(), 'cmd/a/a.go': selfContained }, env: { GOFLAGS: '-buildmode=pie' } },
  {
    name: 'other tags',
    files: { ...plain, 'cmd/a/b.go': '//go:build extra\n\npackage main\n' },
    env: { GOFLAGS: '-tags=extra' },
  },
];
