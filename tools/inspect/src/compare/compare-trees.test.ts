import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compareTrees } from './compare-trees.ts';
import { isSame } from './comparison.ts';
import { formatComparison } from './format-comparison.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-compare-'));
  await mkdir(join(dir, 'a'));
  await mkdir(join(dir, 'b'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function write(name: string, content: string | Buffer, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(dir, name)), { recursive: true });
  await writeFile(join(dir, name), content);
  await chmod(join(dir, name), mode);
}

const compare = () => compareTrees(join(dir, 'a'), join(dir, 'b'));

test('equal trees are the same, regardless of their times', async () => {
  for (const side of ['a', 'b']) await write(`${side}/linux/amd64/tool`, 'the same', 0o755);
  const comparison = await compare();
  expect(isSame(comparison)).toBe(true);
  expect(comparison.files).toEqual([
    {
      is: 'identical',
      path: 'linux/amd64/tool',
      size: 8,
      sha256: 'fa0487f2dc91544ab4b9f5b1d59b7eb2bf68807a6e42cdf22fce4e0bc4b84cb2',
    },
  ]);
  expect(formatComparison(comparison).at(-1)).toBe('all 1 files are identical (8 bytes)');
});

test('a file whose name is not UTF-8 is refused', async () => {
  await writeFile(Buffer.concat([Buffer.from(join(dir, 'a/')), Buffer.from([0xff])]), '');
  await expect(compare()).rejects.toMatchObject({ failures: [{ code: 'BAD_NAME', path: join(dir, 'a/\uFFFD') }] });
});

test('the comparison reports files of one side only, modes, links and types', async () => {
  await write('a/gone', 'x');
  await write('b/new', 'xyz');
  await write('a/mode', 'x', 0o755);
  await write('b/mode', 'x', 0o644);
  await symlink('one', join(dir, 'a/link'));
  await symlink('two', join(dir, 'b/link'));
  await symlink('nowhere', join(dir, 'a/type'));
  await write('b/type', 'x');
  await write('a/same', 'x');
  await write('b/same', 'x');
  const comparison = await compare();
  expect(isSame(comparison)).toBe(false);
  expect(formatComparison(comparison)).toEqual([
    `A  ${dir}/a`,
    `B  ${dir}/b`,
    'gone: only in A (1 bytes)',
    'link: different',
    '  link to: A one, B two',
    'mode: different',
    '  mode: A 755, B 644',
    'new: only in B (3 bytes)',
    'type: different',
    '  type: A link, B file',
    '1 of 6 files identical, 3 different, 1 only in A, 1 only in B',
  ]);
});

test('a difference in a file that is not executable is reported by its offset, beyond the first piece read', async () => {
  const bytes = Buffer.alloc(2_500_000, 7);
  await write('a/data', bytes);
  bytes[2_400_001] = 8;
  await write('b/data', bytes);
  await write('a/longer', 'abc');
  await write('b/longer', 'abcd');
  expect(formatComparison(await compare()).slice(2)).toEqual([
    'data: different',
    '  bytes differ at offset 2400001',
    'longer: different',
    '  line 1: A abc, B abcd',
    '0 of 2 files identical, 2 different',
  ]);
});

test('two single files can be compared as well', async () => {
  await write('a/one', 'x');
  await write('b/two', 'x');
  expect((await compareTrees(join(dir, 'a/one'), join(dir, 'b/two'))).files).toMatchObject([
    { is: 'identical', path: 'one' },
  ]);
});

test('a comparison of nothing is not a success', async () => {
  const comparison = await compare();
  expect(isSame(comparison)).toBe(false);
  expect(formatComparison(comparison).at(-1)).toBe('there is no file in either');
});

test('a file that cannot be compared is a failure with a hint', async () => {
  await write('a/file', 'x');
  await symlink('a', join(dir, 'again'));
  await expect(compareTrees(join(dir, 'a'), join(dir, 'missing'))).rejects.toMatchObject({
    failures: [{ code: 'FILE_MISSING', path: `${dir}/missing` }],
  });
  await expect(compareTrees(join(dir, 'a'), join(dir, 'again'))).rejects.toMatchObject({
    failures: [{ code: 'BAD_USAGE', fact: `${dir}/a and ${dir}/again are the same place` }],
  });
  await expect(compareTrees(join(dir, 'a/file'), join(dir, 'b'))).rejects.toMatchObject({
    failures: [{ code: 'BAD_USAGE' }],
  });
});

test('a signal ends the comparison', async () => {
  await write('a/file', 'x');
  const signal = AbortSignal.abort('SIGINT');
  await expect(compareTrees(join(dir, 'a'), join(dir, 'b'), { signal })).rejects.toMatchObject({
    failures: [{ code: 'INTERRUPTED', signal: 'SIGINT' }],
  });
});
