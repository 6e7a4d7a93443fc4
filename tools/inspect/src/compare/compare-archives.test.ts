import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { type RawMember, archive, fileMember, link } from '@slipway/testing';
import { blockCompressors, realImageWriter, realOutputFiles } from '@slipway/adapters';
import type { Platform } from '@slipway/model';
import { compareTrees } from './compare-trees.ts';
import { formatComparison } from './format-comparison.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-compare-archives-'));
afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(() => {
  for (const side of ['a', 'b']) {
    rmSync(join(dir, side), { recursive: true, force: true });
    mkdirSync(join(dir, side));
  }
});

const told = async (): Promise<string[]> => {
  const comparison = await compareTrees(join(dir, 'a'), join(dir, 'b'));
  return formatComparison({ ...comparison, a: 'A', b: 'B' }).slice(0, -1);
};

async function compared(a: Buffer, b: Buffer): Promise<string[]> {
  writeFileSync(join(dir, 'a/x.tar'), a);
  writeFileSync(join(dir, 'b/x.tar'), b);
  return told();
}

test('compares members, their content, and their order', async () => {
  const common: RawMember[] = [fileMember('same'), fileMember('text', 'one\ntwo\n')];
  const lines = await compared(
    archive(...common, link('l', 'text'), fileMember('only-a')),
    archive(fileMember('text', 'one\nthree\n'), fileMember('same'), link('l', 'same')),
  );
  expect(lines).toEqual([
    'x.tar: different',
    '  link to of 1 member (l): A text, B same',
    '  members in another order, first: A same, B text',
    '  only-a: only in A (1 bytes)',
    '  text: different',
    '    line 2: A two, B three',
  ]);
});

test('reports only the compressor if nothing else differs', async () => {
  const bytes = archive(fileMember('x', 'text'.repeat(99)));
  expect(await compared(gzipSync(bytes, { level: 9 }), gzipSync(bytes, { level: 1 }))).toEqual([
    'x.tar: different',
    '  the same archive, compressed otherwise: A gzip, slowest, B gzip, fastest',
  ]);
});

test('reports headers by field, not by member', async () => {
  mkdirSync(join(dir, 'tree'));
  for (let i = 0; i < 50; i++) writeFileSync(join(dir, 'tree', String(i)), 'x');
  for (const [side, ...flags] of [
    ['a', '--owner=me:5', '--mtime=@0', '--mode=644'],
    ['b', '--owner=0', '--mtime=@1700000000', '--mode=600'],
  ])
    execFileSync(
      'tar',
      [
        '--sort=name',
        '--group=x:9',
        ...flags,
        '-cf',
        `${side}/x.tar`,
        '-C',
        'tree',
        ...Array.from({ length: 50 }, (_, i) => String(i)),
      ],
      { cwd: dir },
    );
  expect(await told()).toEqual([
    'x.tar: different',
    '  mode of 50 members (0): A 644, B 600',
    expect.stringMatching(/^ {2}owner of 50 members \(0\): A 5 \(me\), B 0/),
    '  time of 50 members (0): A 1970-01-01T00:00:00Z, B 2023-11-14T22:13:20Z',
  ]);
});

test('matches blobs of images by their role, not by their digest', async () => {
  for (const [side, user, program] of [
    ['a', '1', 'one'],
    ['b', '2', 'two'],
  ] as const) {
    writeFileSync(join(dir, 'program'), program);
    await using compressors = blockCompressors();
    await realImageWriter(realOutputFiles(), compressors).write(join(dir, side, 'x.tar'), {
      ...{ platform: 'linux/amd64' as Platform, names: ['x:1'], base: undefined, config: { user }, root: dir, time: 9 },
      layers: [[{ path: 'program', file: 'program', mode: 0o755 }]],
    });
  }
  const lines = await told();
  for (const part of ['index.json', 'config', 'manifest', 'layer 1']) expect(lines).toContain(`  ${part}: different`);
  expect(lines.join('\n')).toMatch(/layer 1: different\n {4}program: different\n {6}line 1: A one, B two/);
});

test('an archive with a member outside its root is not compared as an archive', async () => {
  expect(await compared(archive(fileMember('x')), archive(fileMember('../x')))).toEqual([
    'x.tar: different',
    '  in B "../x": its name leads out of the archive',
  ]);
});
