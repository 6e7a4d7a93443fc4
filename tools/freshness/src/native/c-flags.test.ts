import { describe, expect, test } from 'vitest';
import { type CFlags, readCFlags } from './c-flags.ts';

const nothing: CFlags = {
  ...{ quoteDirs: [], dirs: [], systemDirs: [], afterDirs: [], included: [], files: [] },
  ...{ macros: [], problem: undefined },
};

describe('places in flags of a C compiler', () => {
  const cases: readonly (readonly [words: string, found: Partial<CFlags>])[] = [
    ['-Iinc -I inc2 -I/abs', { dirs: ['/p/inc', '/p/inc2', '/abs'] }],
    ['-iquote q -isystem s -idirafter a', { quoteDirs: ['/p/q'], systemDirs: ['/p/s'], afterDirs: ['/p/a'] }],
    ['-iquoteq -isystem/s', { quoteDirs: ['/p/q'], systemDirs: ['/s'] }],
    ['-include n.h -imacros m.h', { included: ['n.h', 'm.h'] }],
    [
      '-DH=<a.h> -D J="b.h" -DK -U H',
      {
        macros: [
          ['H', '<a.h>'],
          ['J', '"b.h"'],
        ],
      },
    ],
    ['f.o ../libf.a', { files: ['/p/f.o', '/libf.a'] }],
    ['-Tx.ld -T y.ld -Ttext=0x1000', { files: ['/p/x.ld', '/p/y.ld'] }],
    ['-Wl,-T,x.ld -Wl,--version-script=v.map', { files: ['/p/x.ld', '/p/v.map'] }],
    ['-Xlinker --script=x.ld', { files: ['/p/x.ld'] }],
    ['-Wl,--dynamic-list,d -Wl,-rpath,/lib -Wl,-Map,out.map', { files: ['/p/d'] }],
    ['-Wl,--whole-archive,/x/libf.a,--no-whole-archive', { files: ['/x/libf.a'] }],
    ['-Llib -L lib -lf -framework Cocoa -arch arm64 -target x86_64-linux-gnu', {}],
    ['-O2 -g -Wall -Werror=format -std=c11 -fPIC -fno-common -m64 -march=x86-64-v2 -pthread -static', {}],
    ['-fdebug-prefix-map=/a=/b -ffile-prefix-map=/a=b -fuse-ld=lld -flto=auto', {}],
    ['-isysroot /sdk --sysroot=/sdk', { files: ['/sdk'] }],
  ];
  test.for(cases)('%s', ([words, found]) => {
    expect(readCFlags(words.split(' '), '/p')).toEqual({ ...nothing, ...found });
  });
});

describe('flags whose reads cannot be listed', () => {
  test.for([
    '@flags.rsp',
    '-B/my/tools',
    '-wrapper',
    '-specs=x.specs',
    '--specs=x.specs',
    '-fplugin=x.so',
    '-fprofile-use',
    '-fprofile-use=x.gcda',
    '-fprofile-instr-use=x.profdata',
    '-fauto-profile=x.afdo',
    '-fsanitize-ignorelist=x.txt',
    '-fmodules',
    '-ivfsoverlay',
    '--include=n.h',
    '-march=native',
    '-Wp,-include,n.h',
    '-Wa,-I,dir',
    '-Wa,@file',
    '-Wl,@file',
    '-Wl,--plugin,x.so',
    '-Wl,-plugin=x.so',
    '-unheard-of=/some/file',
  ])('%s', (word) => {
    const { problem } = readCFlags(['-O2', word], '/p');
    expect(problem).toMatch(/^slipway cannot tell which files /);
    expect(problem).toContain(
      word
        .split(',')
        .at(word.startsWith('-Wl') ? 1 : 0)!
        .replace('-Wl,', ''),
    );
  });

  test('the first one is reported', () => {
    expect(readCFlags(['-specs=a', '@b'], '/p').problem).toBe(
      'slipway cannot tell which files -specs=a reads: a file says how the compiler works',
    );
  });
});

test('a flag with a missing value names nothing', () => {
  expect(readCFlags(['-I'], '/p')).toEqual(nothing);
  expect(readCFlags(['-Xlinker'], '/p')).toEqual(nothing);
});
