import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readFlagFiles } from './flag-files.ts';

const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-flags-')));
afterAll(() => rmSync(cwd, { recursive: true }));

const overlay = { Replace: { 'cmd/a/a.go': 'o/new.go', '/abs/b.go': '/abs/new.go', 'cmd/a/gone.go': '' } };
for (const [name, text] of Object.entries({
  'o.json': JSON.stringify(overlay),
  'broken.json': '{',
  'x/prof': '',
  'x/symabis': '',
  'x.ld': '',
  'lib.a': '',
})) {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), text);
}

/** Paths relative to the directory, other paths unchanged. */
const filesOf = (flags: readonly string[], goFlags?: string): string[] => {
  const { files } = readFlagFiles({ flags, env: goFlags === undefined ? {} : { GOFLAGS: goFlags }, cwd });
  return [...new Set([...files.values()].map((path) => path.replace(`${cwd}/`, '')))].sort();
};

describe('files that flags of Go name', () => {
  const cases: readonly (readonly [flags: readonly string[], files: readonly string[]])[] = [
    [['-modfile=alt.mod'], ['alt.mod', 'alt.sum']],
    [['-pgo=x/prof'], ['x/prof']],
    [['-pgo=auto'], []],
    [['-pgo=off'], []],
    [['-overlay=o.json'], ['/abs/new.go', 'o.json', 'o/new.go']],
    [['-overlay=broken.json'], ['broken.json']],
    [['-gcflags=-symabis=x/symabis'], ['x/symabis']],
    [['-gcflags=all=-symabis=x/symabis'], ['x/symabis']],
    [['-ldflags=-linkmode=external "-extldflags=-Wl,-T,x.ld lib.a"'], ['lib.a', 'x.ld']],
    [['-ldflags=-X main.name=./x.ld -X=main.other=x.ld'], []],
    [['-race', '-tags=a,b', '-o=x', '-p=2'], []],
  ];
  test.for(cases)('%j', ([flags, files]) => expect(filesOf(flags)).toEqual(files));

  test('are found in GOFLAGS as well as among the words, and the last flag wins', () => {
    expect(filesOf([], '-pgo=x/prof')).toEqual(['x/prof']);
    expect(filesOf(['-pgo', 'off'], '-pgo=x/prof')).toEqual([]);
    expect(filesOf(['--pgo', 'x/prof'], '-pgo=off')).toEqual(['x/prof']);
    expect(filesOf([], `'-ldflags=-extldflags=-Wl,-T,${cwd}/x.ld'`)).toEqual(['x.ld']);
  });
});

describe('flags whose reads cannot be listed', () => {
  test.for([
    ['-toolexec=./wrap', 'slipway cannot tell what -toolexec reads'],
    ['-pkgdir=/p', 'slipway cannot tell what -pkgdir reads'],
    ['-compiler=gccgo', 'slipway cannot tell what -compiler=gccgo reads'],
    ['-gccgoflags=-x', 'slipway cannot tell what -gccgoflags reads'],
    ['-ldflags=-extld=/bin/ld', 'slipway cannot tell what -extld=/bin/ld of -ldflags reads'],
    ['-gcflags=@file', 'slipway cannot tell what @file of -gcflags reads'],
  ] as const)('%s', ([flag, problem]) => {
    expect(readFlagFiles({ flags: [flag], env: {}, cwd }).problem).toBe(problem);
    expect(readFlagFiles({ flags: [], env: { GOFLAGS: flag }, cwd }).problem).toBe(problem);
  });

  test.for([['-toolexec='], ['-compiler=gc'], ['-gcflags=-N -l'], ['-toolexec=x', '-toolexec=']])('not %j', (flags) => {
    expect(readFlagFiles({ flags, env: {}, cwd }).problem).toBeUndefined();
  });
});
