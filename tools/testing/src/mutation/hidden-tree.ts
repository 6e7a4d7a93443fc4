import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../synthetic-tree/random.ts';
import { profileOf } from './profile.ts';

/** A tree whose bytes depend on files that `go list` does not name. All that can be edited are these numbers. */
export interface HiddenTree {
  /** In a header behind `-I`; in one that it includes; in one of another directory. */
  readonly header: number;
  readonly deep: number;
  readonly other: number;
  /** In a header that hides the one of the other directory; undefined if there is none. */
  readonly hiding: number | undefined;
  /** The value that a static library behind `-L` returns. */
  readonly library: number;
  /** In a header of Go's assembler. */
  readonly assembly: number;
  readonly plain: number;
  /** In the file that an overlay puts in the place of `plain`'s. */
  readonly overlaid: number;
  readonly isOverlaid: boolean;
  /** Which profile `-pgo` names, and which one lies beside the command; 0 for none. */
  readonly profile: 0 | 1 | 2;
  readonly defaultProfile: 0 | 1 | 2;
  /** In a module outside of the tree, and in a header outside of that module. */
  readonly outside: number;
  readonly outsideHeader: number;
  /** In a module that is a git submodule. */
  readonly submodule: number;
}

export const hiddenTree: HiddenTree = {
  ...{ header: 1, deep: 1, other: 1, hiding: undefined, library: 1, assembly: 1, plain: 1, overlaid: 1 },
  ...{ isOverlaid: false, profile: 0, defaultProfile: 0, outside: 1, outsideHeader: 1, submodule: 1 },
};

const numbers = [
  'header',
  'deep',
  'other',
  'library',
  'assembly',
  'plain',
  'overlaid',
  'outside',
  'outsideHeader',
  'submodule',
] as const;

/** One edit, and what it is; rarely of a profile, for which Go compiles its library again. */
export function editHidden(tree: HiddenTree, random: Random): { readonly tree: HiddenTree; readonly what: string } {
  const set = (change: Partial<HiddenTree>): { tree: HiddenTree; what: string } => ({
    tree: { ...tree, ...change },
    what: JSON.stringify(change, (_name, value: unknown) => value ?? null),
  });
  if (tree.profile !== 0 || tree.defaultProfile !== 0 ? random.chance(0.5) : random.chance(0.06))
    return random.chance(0.5)
      ? set({ profile: random.pick(([0, 1, 2] as const).filter((one) => one !== tree.profile)) })
      : set({ defaultProfile: random.pick(([0, 1, 2] as const).filter((one) => one !== tree.defaultProfile)) });
  if (random.chance(0.12)) return set({ isOverlaid: !tree.isOverlaid });
  if (random.chance(0.12)) return set({ hiding: tree.hiding === undefined ? random.below(9) : undefined });
  const name = random.pick(numbers);
  // Few values, so that a tree becomes what it, or the other checkout, was before.
  return set({ [name]: 1 + ((tree[name] + random.below(2)) % 3) });
}

/** Relative to the directory that holds the tree and what lies beside it. */
export function renderHidden(tree: HiddenTree): Map<string, string | Buffer> {
  const main = (imports: readonly string[], body: string): string =>
    `package main\n\nimport (\n${imports.map((one) => `\t"${one}"\n`).join('')})\n\nfunc main() {\n\t${body}\n}\n`;
  const own = 'hidden.example/tree';
  const files: [string, string | Buffer | undefined][] = [
    [
      'tree/go.mod',
      `module ${own}\n\ngo 1.21\n\nrequire (\n\toutside.example/mod v0.0.0\n\tsub.example/sub v0.0.0\n)\n\nreplace outside.example/mod => ../outside/mod\n\nreplace sub.example/sub => ./third/sub\n`,
    ],
    [
      'tree/cmd/native/main.go',
      main(
        [`${own}/pkg/asm`, `${own}/pkg/native`, 'outside.example/mod'],
        'println(native.N(), native.F(), asm.F(), mod.N())',
      ),
    ],
    ['tree/cmd/plain/main.go', main([`${own}/pkg/plain`], 'println(plain.Value, plain.Heavy(2), plain.Other(2))')],
    ['tree/cmd/sub/main.go', main(['sub.example/sub'], 'println(sub.Value)')],
    [
      'tree/pkg/native/native.go',
      'package native\n\n// #cgo CFLAGS: -I${SRCDIR}/../../inc -I${SRCDIR}/../../inc2\n// #cgo LDFLAGS: -L${SRCDIR}/../../lib -lf\n// #include "n.h"\n// int f(void);\nimport "C"\n\nfunc N() int { return C.N }\n\nfunc F() int { return int(C.f()) }\n',
    ],
    ['tree/inc/n.h', `#include "deep/d.h"\n#include <e.h>\n#define N (${tree.header} * 100 + D * 10 + E)\n`],
    ['tree/inc/deep/d.h', `#define D ${tree.deep}\n`],
    ['tree/inc2/e.h', `#define E ${tree.other}\n`],
    ['tree/inc/e.h', tree.hiding === undefined ? undefined : `#define E ${tree.hiding}\n`],
    ['tree/lib/libf.a', libraryOf(tree.library)],
    ['tree/pkg/asm/asm.go', 'package asm\n\nfunc F() int\n'],
    [
      'tree/pkg/asm/f_amd64.s',
      '#include "../../inc/k.h"\nTEXT ·F(SB), 4, $0-8\n\tMOVQ $K, AX\n\tMOVQ AX, ret+0(FP)\n\tRET\n',
    ],
    [
      'tree/pkg/asm/f_arm64.s',
      '#include "../../inc/k.h"\nTEXT ·F(SB), 4, $0-8\n\tMOVD $K, R0\n\tMOVD R0, ret+0(FP)\n\tRET\n',
    ],
    ['tree/inc/k.h', `#define K ${tree.assembly}\n`],
    ['tree/pkg/plain/value.go', `package plain\n\nconst Value = ${tree.plain}\n`],
    ['tree/pkg/plain/heavy.go', `package plain\n${heavy('Heavy')}${heavy('Other')}`],
    ['tree/o/value.go', `package plain\n\nconst Value = ${tree.overlaid} + 100\n`],
    ['tree/o/o.json', '{"Replace":{"pkg/plain/value.go":"o/value.go"}}\n'],
    ['tree/prof', tree.profile === 0 ? undefined : profiles[tree.profile]],
    ['tree/cmd/plain/default.pgo', tree.defaultProfile === 0 ? undefined : profiles[tree.defaultProfile]],
    ['tree/third/sub/go.mod', 'module sub.example/sub\n\ngo 1.21\n'],
    ['tree/third/sub/sub.go', `package sub\n\nconst Value = ${tree.submodule}\n`],
    ['outside/mod/go.mod', 'module outside.example/mod\n\ngo 1.21\n'],
    [
      'outside/mod/mod.go',
      `package mod\n\n// #cgo CFLAGS: -I\${SRCDIR}/../inc\n// #include "o.h"\nimport "C"\n\nfunc N() int { return ${tree.outside}*10 + C.O }\n`,
    ],
    ['outside/inc/o.h', `#define O ${tree.outsideHeader}\n`],
  ];
  return new Map(files.filter((file): file is [string, string | Buffer] => file[1] !== undefined));
}

/** Too large to be inlined where no profile says that it is hot. */
const heavy = (name: string): string =>
  `\nfunc ${name}(n int) int {\n${'\tn = n*31 + len([]int{n, n, n})\n\tif n > 1000 {\n\t\tn -= 999\n\t}\n'.repeat(5)}\treturn n\n}\n`;

/** The 2 is the line of the call, after that of `func main`: with another line Go inlines nothing, and both make the same code. */
const profiles = {
  1: profileOf('hidden.example/tree/pkg/plain.Heavy', 2),
  2: profileOf('hidden.example/tree/pkg/plain.Other', 2),
};

/** The profile of a build: one named by a flag hides the one beside the command. */
export function profileOfTree({ profile, defaultProfile }: HiddenTree): Buffer | undefined {
  const one = profile === 0 ? defaultProfile : profile;
  return one === 0 ? undefined : profiles[one];
}

export const goFlagsOf = ({ isOverlaid, profile }: HiddenTree): string =>
  [...(isOverlaid ? ['-overlay=o/o.json'] : []), ...(profile === 0 ? [] : ['-pgo=prof'])].join(' ');

/** Everything that decides a tree's bytes; hidden parts do not. Trees that differ in it have other bytes. */
export const decidesOf = ({
  other,
  hiding,
  plain,
  overlaid,
  isOverlaid,
  profile,
  defaultProfile,
  ...rest
}: HiddenTree) =>
  JSON.stringify({
    ...rest,
    ofOther: hiding ?? other,
    value: isOverlaid ? overlaid + 100 : plain,
    profile: profile === 0 ? { beside: defaultProfile } : { named: profile },
  });

/** The output of each command. */
export function expectedOf(tree: HiddenTree): Readonly<Record<string, string>> {
  const heavies = [2, 2].map((n) => {
    for (let times = 0; times < 5; times++) {
      n = n * 31 + 3;
      if (n > 1000) n -= 999;
    }
    return n;
  });
  return {
    native: [
      tree.header * 100 + tree.deep * 10 + (tree.hiding ?? tree.other),
      tree.library,
      tree.assembly,
      tree.outside * 10 + tree.outsideHeader,
    ].join(' '),
    plain: [tree.isOverlaid ? tree.overlaid + 100 : tree.plain, ...heavies].join(' '),
    sub: String(tree.submodule),
  };
}

const libraries = new Map<number, Buffer>();

function libraryOf(value: number): Buffer {
  const known = libraries.get(value) ?? makeLibrary(value);
  libraries.set(value, known);
  return known;
}

function makeLibrary(value: number): Buffer {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-library-'));
  writeFileSync(join(dir, 'f.c'), `int f(void) { return ${value}; }\n`);
  execFileSync('sh', ['-ec', 'gcc -c f.c; ar rcD libf.a f.o'], { cwd: dir });
  const made = readFileSync(join(dir, 'libf.a'));
  rmSync(dir, { recursive: true });
  return made;
}
