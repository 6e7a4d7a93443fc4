import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryMemo } from '@slipway/adapters';
import type { Environment, StepId } from '@slipway/model';
import type { ContentIndex } from '../index/port.ts';
import type { NativeQuery } from '../native/port.ts';
import { type Suspect, type Watch, type Watched, suspectOf, watchGo } from './watch-go.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-compiled-')));
const env = { ...process.env, GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '1' } as Environment;
const hasCompiler = spawnSync('gcc', ['--version']).status === 0;

beforeAll(() => {
  mkdirSync(join(base, 'tree/inc'), { recursive: true });
  // A unique name, because the user shares the build cache.
  writeFileSync(join(base, 'tree/go.mod'), `module compiled${process.pid}.example/tree\n\ngo 1.21\n`);
  writeFileSync(
    join(base, 'tree/a.go'),
    'package main\n\n// #cgo CFLAGS: -I${SRCDIR}/inc\n// #include "n.h"\nimport "C"\n\nfunc main() { println(C.N) }\n',
  );
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const header = (number: number): void => writeFileSync(join(base, 'tree/inc/n.h'), `#define N ${number}\n`);

const suspect = (digest: string, more: Partial<Watched> = {}): Watched => ({
  importPath: `compiled${process.pid}.example/tree`,
  digest,
  ...{ paths: [], isUnknown: false, isLibrary: false, outputs: [join(base, 'a')] },
  ...more,
});

interface World {
  readonly suspects: readonly Watched[];
  readonly compiled?: ReturnType<typeof memoryMemo>;
  readonly goVersion?: string;
  readonly own?: Environment;
}

const watch = ({ suspects, compiled = memoryMemo(), goVersion = '1.26.8', own = {} }: World): Watch =>
  watchGo({
    id: 'go-build' as StepId,
    container: undefined,
    suspects,
    query: { go: { goVersion }, env: { ...env, ...own } } as unknown as NativeQuery,
    index: { changed: () => [] } as unknown as ContentIndex,
    compiled,
  });

/** Performs a step: returns the flags of each call, and the command's output after the last. */
function build(call: Watch): { readonly calls: string[]; readonly prints: string } {
  const calls: string[] = [];
  const to = join(base, 'a');
  rmSync(to, { force: true });
  for (let flags: readonly string[] | undefined = call.flags; flags !== undefined; flags = call.settle()) {
    calls.push(flags.map((flag) => flag.replace(/=.*/, '')).join(' '));
    execFileSync('go', ['build', ...flags, '-o', to, '.'], { cwd: join(base, 'tree'), env: env as NodeJS.ProcessEnv });
  }
  call.end();
  return { calls, prints: spawnSync(to, { encoding: 'utf8' }).stderr.trim() };
}

describe(
  'a package whose header differs from the one that Go compiled it with',
  { skip: !hasCompiler, meta: { why: 'there is no gcc' } },
  () => {
    test('is compiled again once, and is known from then on', () => {
      const compiled = memoryMemo();
      header(1);
      execFileSync('go', ['build', '-o', join(base, 'plain'), '.'], {
        cwd: join(base, 'tree'),
        env: env as NodeJS.ProcessEnv,
      });
      header(2);
      const once = { calls: ['-debug-actiongraph', '-debug-actiongraph'], prints: '2' };
      expect(build(watch({ suspects: [suspect('two')], compiled })), 'nobody knows of what it is').toEqual(once);
      const known = { calls: ['-debug-actiongraph'], prints: '2' };
      expect(build(watch({ suspects: [suspect('two')], compiled })), 'it is known').toEqual(known);
      header(3);
      expect(build(watch({ suspects: [suspect('three')], compiled })), 'it is of another header').toEqual({
        ...once,
        prints: '3',
      });
      const unknown = [suspect('three', { isUnknown: true })];
      for (const time of ['once', 'and once more'])
        expect(build(watch({ suspects: unknown, compiled })), `nobody can name what it reads: ${time}`).toEqual({
          ...once,
          prints: '3',
        });
    });

    test('is compiled with everything else if the cache has no usable entries', () => {
      const own = { GOCACHEPROG: '/some/program' };
      const call = watch({ suspects: [suspect('one')], own });
      const [report] = call.flags;
      const path = report!.replace('-debug-actiongraph=', '');
      const action = { Mode: 'build', Package: suspect('').importPath, ActionID: 'A'.repeat(20), BuildID: 'x/y' };
      writeFileSync(path, JSON.stringify([action]));
      expect(call.settle()).toEqual([report, '-a']);
      writeFileSync(path, JSON.stringify([{ ...action, Cmd: ['gcc'] }]));
      expect(call.settle()).toBeUndefined();
      call.end();
    });
  },
);

describe('the calls of Go', () => {
  test('without C only report what Go does', () => {
    const call = watch({ suspects: [] });
    expect(call.flags).toEqual([expect.stringMatching(/^-debug-actiongraph=/)]);
    expect([call.actions(), call.settle()]).toEqual([[], undefined]);
    call.end();
  });

  test('before Go 1.13 have no such report', () => {
    const call = watch({ suspects: [], goVersion: '1.12.17' });
    expect([call.flags, call.actions()]).toEqual([[], []]);
  });

  test('before Go 1.13 compile everything, because Go does not report cached results', () => {
    const call = watch({ suspects: [suspect('one')], goVersion: '1.12.17' });
    expect([call.flags, call.settle()]).toEqual([['-a'], undefined]);
  });

  test('without a written report prove nothing', () => {
    const call = watch({ suspects: [suspect('one')] });
    expect(call.settle()).toEqual([...call.flags, '-a']);
    call.end();
  });

  test('trust packages of the library until their content is known to differ', () => {
    const compiled = memoryMemo();
    const report = (call: Watch): void =>
      writeFileSync(
        call.flags[0]!.replace('-debug-actiongraph=', ''),
        JSON.stringify([{ Mode: 'build', Package: 'net', ActionID: 'B'.repeat(20), BuildID: 'x/y' }]),
      );
    for (const [digest, again] of [
      ['one', false],
      ['one', false],
      ['two', true],
    ] as const) {
      const call = watch({ suspects: [suspect(digest, { importPath: 'net', isLibrary: true })], compiled });
      report(call);
      expect(call.settle() !== undefined).toBe(again);
      call.end();
    }
  });

  test('leave no files behind', () => {
    const call = watch({ suspects: [suspect('one')] });
    const dir = join(call.flags[0]!.replace('-debug-actiongraph=', ''), '..');
    expect(readdirSync(dir)).toEqual([]);
    call.end();
    expect(existsSync(dir)).toBe(false);
  });
});

describe('a package is checked twice', () => {
  const inputs = (files: Record<string, string>, problem?: string) => ({
    files: new Map(Object.entries(files)),
    absent: new Set<string>(),
    problem,
  });
  const index = { digest: (path: string) => path } as unknown as ContentIndex;
  const of = (...given: readonly ReturnType<typeof inputs>[]): Suspect | undefined =>
    suspectOf('p', given, { index, isLibrary: false });

  test('if it reads files that Go does not know', () => {
    expect(of(inputs({ 'inc/n.h': '/t/inc/n.h' }))).toMatchObject({ paths: ['/t/inc/n.h'], isUnknown: false });
  });

  test('if some of its reads are unknown', () => {
    expect(of(inputs({}, 'nobody knows'))).toMatchObject({ isUnknown: true });
  });

  test('but not if it reads only files of its own module and of Go, which do not change', () => {
    expect(of(inputs({ 'go/pkg/include/textflag.h': '/go/x.h', './n.h': '/mod/m@v1.0.0/n.h' }))).toBeUndefined();
  });
});
