import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandRunner, type Memo, memoryMemo, realCommandRunner } from '@slipway/adapters';
import type { Environment, GoBuild } from '@slipway/model';
import type { Closure, GraphPackage, NativePart } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import { readNative } from './native-inputs.ts';
import type { LinkInputs, NativeInputs } from './port.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-linking-')));
const env = { PATH: process.env['PATH'] ?? '' };
const gcc = spawnSync('sh', ['-c', 'command -v gcc'], { encoding: 'utf8' }).stdout.trim() || undefined;
const platform = process.arch === 'x64' ? 'linux/amd64' : `linux/${process.arch}`;
const hasGnuLinker =
  gcc !== undefined && /GNU ld/.test(spawnSync('ld', ['--version'], { encoding: 'utf8' }).stdout ?? '');

beforeAll(() => {
  mkdirSync(join(base, 'p'));
  if (hasGnuLinker)
    execFileSync(
      'sh',
      [
        '-ec',
        `mkdir lib thin early; echo 'int f(void) { return 1; }' >f.c; gcc -c f.c
      ar rcD lib/libf.a f.o; ar rcTD thin/libt.a f.o; echo 'INPUT(${base}/lib/libf.a)' >lib/libs.so; touch x.ld`,
      ],
      { cwd: base },
    );
  writeFileSync(join(base, 'wrapper'), '#!/bin/sh\nexec gcc "$@"\n');
  chmodSync(join(base, 'wrapper'), 0o755);
});
afterAll(() => rmSync(base, { recursive: true }));

const kindOf = (path: string): string =>
  !existsSync(path) ? 'absent' : statSync(path).isFile() ? 'file' : 'directory';
const index = {
  look: (path: string) => ({ kind: kindOf(path) }),
  digest: (path: string) => (existsSync(path) ? path : 'absent'),
} as unknown as ContentIndex;

interface Asked {
  readonly native?: Partial<NativePart> | undefined;
  readonly flags?: readonly string[];
  readonly own?: Environment;
  readonly compiler?: string | undefined;
  readonly runner?: CommandRunner;
  readonly memo?: Memo;
}

function asked({
  native = {},
  flags = [],
  own = {},
  compiler = gcc,
  runner = realCommandRunner(),
  memo = memoryMemo(),
}: Asked) {
  const one: GraphPackage = {
    ...{ importPath: 'p', dir: join(base, 'p'), files: [], imports: [], fixedBy: undefined, goVersion: '1.21' },
    native: { cgo: ['a.go'], sources: [], others: [], flags: {}, ...native },
  };
  const go = {
    platform,
    compiler,
    cxxCompiler: undefined,
    flags,
    goVersion: '1.26.8',
  } as unknown as GoBuild;
  const query = {
    go,
    env: { ...env, ...own },
    cwd: base,
    toolchain: { command: 'go', goroot: '/go', version: '1.26.8' },
  };
  const reader = readNative({ root: join(base, 'p'), index, runner, memo });
  return { one, query, reader };
}

const linking = (given: Asked): Promise<LinkInputs | undefined> => {
  const { one, query, reader } = asked(given);
  const packages = given.native === undefined && 'native' in given ? [] : [one];
  return reader.linking({ root: 'p', packages, library: [] } satisfies Closure, query);
};

const compiling = async (given: Asked): Promise<NativeInputs> => {
  const { one, query, reader } = asked(given);
  return (await reader.compiling(one, query))!;
};

const named = (inputs: LinkInputs | undefined): string[] => [...(inputs?.files.values() ?? [])];

describe(
  'the files that a linker reads',
  { skip: !hasGnuLinker, meta: { why: 'there is no gcc with the linker of GNU' } },
  () => {
    test("include the compiler's programs, its start files and its C library", async () => {
      const inputs = await linking({});
      for (const name of [
        /\/cc1$/,
        /\/(?:as|ld)$/,
        /\/collect2$/,
        /\/S?crt1\.o$/,
        /\/crtbegin\.o$/,
        /\/libc\.so/,
        /\/libgcc\.a$/,
      ])
        expect(named(inputs)).toContainEqual(expect.stringMatching(name));
      expect(inputs).toMatchObject({ isExternal: true, problem: undefined });
    });

    test('come from one question to the linker for all commands with the same flags', async () => {
      const calls: string[] = [];
      const runner: CommandRunner = {
        run: (request) => (calls.push(request.argv.join(' ')), realCommandRunner().run(request)),
      };
      const LDFLAGS = [`-L${base}/lib`, '-lf'];
      const { one, query, reader } = asked({ native: { flags: { LDFLAGS } }, runner });
      for (const root of ['p', 'q', 'r'])
        expect(named(await reader.linking({ root, packages: [one], library: [] }, query))).toContain(
          join(base, 'lib/libf.a'),
        );
      expect(calls.filter((call) => call.includes('--verbose'))).toHaveLength(2);
    });

    test('a compiler whose arguments name a place is asked in each tree', async () => {
      const memo = memoryMemo();
      const own = { CC: 'gcc -isystem headers' };
      const headersOf = async (tree: string): Promise<string[]> => {
        mkdirSync(join(base, tree, 'headers'), { recursive: true });
        const { one, query, reader } = asked({ own, memo });
        const { absent, files } = (await reader.compiling(one, { ...query, cwd: join(base, tree) }))!;
        return [...absent, ...files.values()].filter((path) => path.startsWith(join(base, 'tree-')));
      };
      expect(await headersOf('tree-a')).toContainEqual(expect.stringContaining('tree-a/headers/'));
      const second = await headersOf('tree-b');
      expect(second).toContainEqual(expect.stringContaining('tree-b/headers/'));
      expect(second).not.toContainEqual(expect.stringContaining('tree-a'));
    });

    test('another tree of a user asks no compiler, until a file that the linker looks for is in another place', async () => {
      const calls: string[] = [];
      const runner: CommandRunner = {
        run: (request) => (calls.push(request.argv.join(' ')), realCommandRunner().run(request)),
      };
      const memo = memoryMemo();
      // A compiler also searches ../lib of each place.
      for (const place of ['early/place', 'late/place']) mkdirSync(join(base, place), { recursive: true });
      execFileSync('cp', ['lib/libf.a', 'late/place'], { cwd: base });
      const own = { LIBRARY_PATH: `${base}/early/place:${base}/late/place` };
      const link = async (GOPATH: string): Promise<string[]> => {
        const given = { native: { flags: { LDFLAGS: ['-lf'] } }, own: { ...own, GOPATH }, runner, memo };
        return named(await linking(given));
      };
      expect(await link('/a')).toContain(join(base, 'late/place/libf.a'));
      calls.length = 0;
      expect(await link('/b')).toContain(join(base, 'late/place/libf.a'));
      expect(calls).toEqual([]);
      execFileSync('cp', ['lib/libf.a', 'early/place'], { cwd: base });
      expect(await link('/b')).toContain(join(base, 'early/place/libf.a'));
      expect(calls).toHaveLength(4);
    });

    test('a directory of LIBRARY_PATH that is made later is searched, even with a kept answer', async () => {
      const memo = memoryMemo();
      mkdirSync(join(base, 'made/before'), { recursive: true });
      execFileSync('cp', ['lib/libf.a', 'made/before'], { cwd: base });
      const own = { LIBRARY_PATH: `${base}/made/later:${base}/made/before` };
      const given = { native: { flags: { LDFLAGS: ['-lf'] } }, own, memo };
      expect((await linking(given))?.absent).toContain(join(base, 'made/later'));
      mkdirSync(join(base, 'made/later'));
      execFileSync('cp', ['lib/libf.a', 'made/later'], { cwd: base });
      expect(named(await linking(given))).toContain(join(base, 'made/later/libf.a'));
    });

    test('include a library of -L, and each place before where it would be found first', async () => {
      const LDFLAGS = [`-L${base}/early`, `-L${base}/lib`, '-lf'];
      const inputs = await linking({ native: { flags: { LDFLAGS } } });
      expect(named(inputs)).toContain(join(base, 'lib/libf.a'));
      for (const place of ['early/libf.so', 'early/libf.a', 'lib/libf.so'])
        expect(inputs?.absent).toContain(join(base, place));
    });

    test.for([
      ['a thin archive and its member', `-L@/thin -lt`, ['thin/libt.a', 'f.o']],
      ['a thin archive by its path', '@/thin/libt.a', ['thin/libt.a', 'f.o']],
      ['a linker script and the library it names', '-L@/lib -ls', ['lib/libs.so', 'lib/libf.a']],
      ['a script that flags name', '-Wl,-T,@/x.ld', ['x.ld']],
    ] as const)('%s are', async ([, words, paths]) => {
      const LDFLAGS = words.replaceAll('@', base).split(' ');
      expect(named(await linking({ native: { flags: { LDFLAGS } } }))).toEqual(
        expect.arrayContaining(paths.map((path) => join(base, path))),
      );
    });

    test.for([
      ['CGO_LDFLAGS', { own: { CGO_LDFLAGS: '-L@/lib -lf' } }],
      ['-extldflags among the words', { flags: ["-ldflags=-extldflags '-L@/lib -lf'"] }],
      ['-extldflags in GOFLAGS', { own: { GOFLAGS: `"-ldflags=-extldflags '-L@/lib -lf'"` } }],
    ] as const)('what %s names is', async ([, given]) => {
      const filled = JSON.parse(JSON.stringify(given).replaceAll('@', base)) as Asked;
      expect(named(await linking(filled))).toContain(join(base, 'lib/libf.a'));
    });

    test('do not exist without C, unless a flag says so in any place', async () => {
      expect(await linking({ native: undefined })).toBeUndefined();
      for (const given of [
        { flags: ['-ldflags=-linkmode=external'] },
        { own: { GOFLAGS: '-ldflags=-linkmode=external' } },
        { own: { GOFLAGS: '-race' } },
        { flags: ['-buildmode', 'pie'] },
      ])
        expect(await linking({ native: undefined, ...given })).toMatchObject({ isExternal: true, problem: undefined });
    });

    test.for([
      ['-extld', { flags: ['-ldflags=-linkmode=external -extld=/some/program'] }, /-extld/],
      ['more flags in a file', { flags: ['-ldflags=-extldflags=@/some/file'] }, /@\/some\/file/],
      ['a linker plugin', { native: { flags: { LDFLAGS: ['-Wl,-plugin,/x.so'] } } }, /-plugin/],
    ] as const)('%s is a problem', async ([, given, problem]) => {
      expect((await linking(given as Asked))?.problem).toMatch(problem);
    });
  },
);

describe(
  'the files that a compiler reads',
  { skip: !hasGnuLinker, meta: { why: 'there is no gcc with the linker of GNU' } },
  () => {
    test('are unknown for a script', async () => {
      const { problem } = await compiling({ own: { CC: join(base, 'wrapper') }, compiler: join(base, 'wrapper') });
      expect(problem).toBe(`slipway cannot tell what the script ${join(base, 'wrapper')} reads`);
    });

    test.for(['a.swigcxx', 'f.f90'])('are unknown for the programs of %s', async (file) => {
      expect((await compiling({ native: { others: [file] } })).problem).toBe(
        `slipway cannot tell which files are read for ${file}`,
      );
    });

    test('include headers of flags, of the environment and of the compiler itself', async () => {
      mkdirSync(join(base, 'inc'), { recursive: true });
      writeFileSync(join(base, 'inc/n.h'), '#include <stddef.h>\n');
      writeFileSync(join(base, 'p/a.go'), 'package a\n\n// #include "n.h"\nimport "C"\n');
      for (const given of [
        { native: { flags: { CFLAGS: ['-I../inc'] } } },
        { own: { CGO_CFLAGS: `-I${base}/inc` } },
        { own: { CPATH: `${base}/inc` } },
      ]) {
        const { files, problem } = await compiling(given);
        expect(problem).toBeUndefined();
        expect([...files.values()]).toContain(join(base, 'inc/n.h'));
        expect([...files.values()]).toContainEqual(expect.stringMatching(/\/stddef\.h$/));
      }
    });
  },
);
