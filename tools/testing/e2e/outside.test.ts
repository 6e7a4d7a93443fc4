import {
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { BlockedGoTool } from '../src/blocked-go-tool.ts';
import { until } from '../src/processes.ts';
import { type Repo, repo } from '../src/repo-rig.ts';

/** Only root can make a link that another user owns. */
const whyNoOtherUser = process.getuid?.() === 0 ? undefined : 'only root can give a link to another user';

/** A directory beside the tree, with a file of somebody else. */
function precious(tree: Repo): string {
  const path = tree.path('../precious');
  mkdirSync(path);
  writeFileSync(`${path}/mine`, 'mine');
  return path;
}

describe('an output that is a link', () => {
  test('of the user is followed by a build, and clean removes the link and nothing behind it', async () => {
    await using tree = repo('plain');
    const elsewhere = precious(tree);
    symlinkSync(elsewhere, tree.path('_output'));
    expectDone(await tree.slipway(['a']));
    expect(lstatSync(tree.path('_output')).isSymbolicLink()).toBe(true);
    expect(tree.output('_output/bin/a')).toMatch('hello from a');
    const { stdout } = await tree.slipway(['-n', 'clean']);
    expect(stdout).toMatch(/^ +rm -rf _output$/m);
    const before = stamps(elsewhere);
    expectDone(await tree.slipway(['clean']));
    expect(existsSync(tree.path('_output'))).toBe(false);
    expect(stamps(elsewhere)).toEqual(before);
  });

  test('to a directory that never was an output is removed, and nothing is written behind it', async () => {
    await using tree = repo('plain');
    const elsewhere = precious(tree);
    symlinkSync(elsewhere, tree.path('_output'));
    expectDone(await tree.slipway(['clean']));
    expect(existsSync(tree.path('_output'))).toBe(false);
    expect(readdirSync(elsewhere)).toEqual(['mine']);
  });

  test('is removed by clean before a build, which then has its own directory and lock', async () => {
    await using tree = repo('plain');
    const elsewhere = precious(tree);
    symlinkSync(elsewhere, tree.path('_output'));
    expectDone(await tree.slipway(['clean', 'a']));
    expect(lstatSync(tree.path('_output')).isDirectory()).toBe(true);
    expect(existsSync(tree.path('_output/local/.lock'))).toBe(true);
    expect(existsSync(`${elsewhere}/mine`)).toBe(true);
    expect(existsSync(`${elsewhere}/local/.lock`)).toBe(false);
  });

  test('of another user is refused, and nothing is written behind it', async ({ skip }) => {
    skip(whyNoOtherUser !== undefined, whyNoOtherUser);
    await using tree = repo('plain');
    const elsewhere = precious(tree);
    symlinkSync(elsewhere, tree.path('_output'));
    lchownSync(tree.path('_output'), 12_345, 12_345);
    for (const args of [['a'], ['clean'], ['-n', 'a']])
      expectFailure(await tree.slipway(args), 'FOREIGN_LINK', { says: 'user 12345 made it', hint: 'OUT_DIR=' });
    expect(readdirSync(elsewhere)).toEqual(['mine']);
    expectDone(await tree.slipway(['a', 'OUT_DIR=out']));
  });

  test('that git tracks is refused, and nothing is written behind it', async () => {
    await using tree = repo('plain');
    const elsewhere = precious(tree);
    symlinkSync('../precious', tree.path('_output'));
    tree.git('add', '-f', '_output');
    tree.git('commit', '-qm', 'a link');
    for (const args of [['a'], ['clean'], ['-n', 'a']])
      expectFailure(await tree.slipway(args), 'FOREIGN_LINK', { says: 'git tracks it', hint: 'OUT_DIR=' });
    expect(readdirSync(elsewhere)).toEqual(['mine']);
    expectDone(await tree.slipway(['a', 'OUT_DIR=out']));
  });
});

describe('a link below the output that slipway did not make', () => {
  const links = [
    { link: '_output/local', file: '' },
    { link: '_output/local/bin', file: '' },
    { link: '_output/local/go/bin', file: '' },
    { link: '_output/local/.slipway', file: '' },
    { link: '_output/local/.lock', file: 'mine' },
    { link: '_output/local/.slipway/index.clock', file: 'mine' },
    { link: '_output/local/.slipway/graphs/x', file: 'mine' },
    { link: '_output/local/tmp', file: '' },
    { link: '_output/local/go/bin/a', file: 'mine' },
    { link: '_output/compare', file: '' },
  ];

  test.for(links)('as $link is refused, and nothing is written behind it', async ({ link, file }) => {
    await using tree = repo('plain');
    const elsewhere = precious(tree);
    mkdirSync(dirname(tree.path(link)), { recursive: true });
    symlinkSync(`${elsewhere}/${file}`, tree.path(link));
    for (const args of [['a'], ['a', 'vet'], ['-n', 'a']])
      expectFailure(await tree.slipway(args), 'FOREIGN_LINK', {
        says: tree.path(link),
        hint: `rm '${tree.path(link)}'`,
      });
    expect(readdirSync(elsewhere)).toEqual(['mine']);
    expect(readFileSync(`${elsewhere}/mine`, 'utf8')).toBe('mine');
    rmSync(tree.path(link));
    expectDone(await tree.slipway(['a']));
  });

  test.for(['_output/local/bin/linux', '_output/extra'])(
    'as %s is removed by clean, and nothing behind it',
    async (link) => {
      await using tree = repo('plain');
      const elsewhere = precious(tree);
      expectDone(await tree.slipway(['a']));
      rmSync(tree.path(link), { recursive: true, force: true });
      symlinkSync(elsewhere, tree.path(link));
      expectDone(await tree.slipway(['clean']));
      expect(existsSync(tree.path('_output'))).toBe(false);
      expect(readdirSync(elsewhere)).toEqual(['mine']);
    },
  );
});

/** Without the files behind links. */
const stamps = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.parentPath.startsWith(`${directory}/bin`))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();

describe('clean', () => {
  test('removes all of the output, the lock too', async () => {
    await using tree = repo('plain');
    expectDone(await tree.slipway(['a']));
    expectDone(await tree.slipway(['clean']));
    expect(existsSync(tree.path('_output'))).toBe(false);
  });

  test('names the files that it keeps for the steps that follow', async () => {
    await using tree = repo('plain');
    const { stdout } = await tree.slipway(['-n', 'clean', 'a']);
    expect(stdout).toMatch(/^ +rm -rf _output +# but _output\/local\/\.lock$/m);
  });

  test('of a configured path behind a link that leads out of the tree is refused', async () => {
    await using tree = repo('plain');
    const elsewhere = precious(tree);
    tree.write({ 'slipway.config.ts': "export default { clean: ['away/mine', '_tmp'] };\n", '_tmp/x': '' });
    symlinkSync(elsewhere, tree.path('away'));
    expectFailure(await tree.slipway(['clean']), 'FOREIGN_LINK', { says: 'it leads out of the tree', hint: 'clean' });
    expect(readdirSync(elsewhere)).toEqual(['mine']);
    expect(existsSync(tree.path('_tmp/x'))).toBe(true);
    tree.write({ 'slipway.config.ts': "export default { clean: ['away/', '_tmp'] };\n" });
    expectDone(await tree.slipway(['clean']));
    expect(existsSync(tree.path('_tmp'))).toBe(false);
    expect(() => lstatSync(tree.path('away'))).toThrow('ENOENT');
    expect(readdirSync(elsewhere)).toEqual(['mine']);
  });
});

test('a link that appears while a run waits for another one is not followed', async () => {
  await using tree = repo('plain');
  const elsewhere = precious(tree);
  const blockedTool = new BlockedGoTool(tree);
  const first = tree.start(['a'], { env: { GOFLAGS: blockedTool.goFlags } });
  await blockedTool.reached();
  const second = tree.start(['b', 'KUBE_BUILD_PLATFORMS=linux/s390x']);
  await until('the second waits', () => second.printed().includes('waiting'));
  mkdirSync(tree.path('_output/local/bin/linux'), { recursive: true });
  symlinkSync(elsewhere, tree.path('_output/local/bin/linux/s390x'));
  blockedTool.open();
  expectDone(await first.ended);
  expectFailure(await second.ended, 'FOREIGN_LINK');
  expect(readdirSync(elsewhere)).toEqual(['mine']);
});
