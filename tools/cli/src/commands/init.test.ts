import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unless, whyWithout } from '@slipway/testing';
import { makefile } from './init.ts';

/** This make writes the words that it would pass to slipway, one on each line. */
test.each<[string[], string[]]>([
  [[], ['all']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['clean', 'all', 'WHAT='],
    ['WHAT=', 'all', 'clean'],
  ],
  [
    ['-k', '-s', '-B', '-j2', 'a'],
    ['-B', '-j2', '-k', '-s', 'a'],
  ],
  [
    ['-n', 'a'],
    ['-n', 'a'],
  ],
  [
    ['a', `GOLDFLAGS=-X 'm.v=b c' "d" \\e`, 'WHAT=cmd/a  cmd/b'],
    [`GOLDFLAGS=-X 'm.v=b c' "d" \\e`, 'WHAT=cmd/a  cmd/b', 'a'],
  ],
])('make %j says %j to slipway', unless(whyWithout('make')), (typed, said) => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-makefile-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'Makefile'), makefile);
  const { MAKEFLAGS: _flags, MAKELEVEL: _level, ...env } = process.env;
  const output = execFileSync('make', ['SLIPWAY=printf "<%s>\\n"', ...typed], { cwd: dir, env, encoding: 'utf8' });
  expect([...output.matchAll(/^<(.*)>$/gm)].map((match) => match[1]!).sort()).toEqual(said);
});
