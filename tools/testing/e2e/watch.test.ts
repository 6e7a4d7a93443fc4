import { expect, test } from 'vitest';
import { processesOf, until, whyNoProcesses } from '../src/processes.ts';
import { repo } from '../src/repo-rig.ts';
import { testTree } from '../src/test-tree.ts';

const program = (text: string) => `package main\n\nfunc main() { println("${text}") }\n`;

test('watch builds what a change makes stale, restarts the command of --run, and Ctrl-C ends all of it', async ({
  skip,
}) => {
  skip(whyNoProcesses !== undefined, whyNoProcesses);
  await using tree = repo('plain');
  tree.write({ 'cmd/a/a.go': program('first words') });
  const running = tree.start(['watch', 'a', '--run', `'${tree.path('_output/bin/a')}'; sleep 600 & wait`]);
  const says = (text: string) => until(text, () => running.printed().includes(text));
  const count = (text: string) => running.printed().split(text).length - 1;
  await says('first words');
  await until('it watches', () => count('watching  ') === 1);
  tree.write({ 'cmd/a/a.go': program('second words') });
  await says('second words');
  expect(running.printed()).toContain('changed   cmd/a/a.go');
  await until('it watches again', () => count('watching  ') === 2);
  tree.write({ 'cmd/a/a.go': 'package main\n\nfunc main() { mistake() }\n' });
  await says('undefined: mistake');
  await until('it watches after a mistake', () => count('watching  ') === 3);
  expect(processesOf(tree.base).length).toBeGreaterThan(1);
  running.signal('SIGINT');
  expect((await running.ended).exit).toBe(0);
  expect(processesOf(tree.base)).toEqual([]);
});

test('watch test runs, after each change, the tests of exactly the packages that read what changed', async ({
  skip,
}) => {
  skip(whyNoProcesses !== undefined, whyNoProcesses);
  await using tree = testTree();
  const running = tree.start(['watch', 'test', 'WHAT=./uses ./data ./embeds ./lists']);
  /** Packages whose tests ran, until it waits for the next change. */
  const round = async (number: number): Promise<string[]> => {
    await until(`round ${number} ended`, () => running.printed().split('watching  ').length - 1 === number);
    const said = running.printed().split('slipway test (profile dev)')[number]!;
    const told = [...said.matchAll(/^(ok|FAIL) *\tt\.example\/m\/(\w+)\t/gm)];
    // A failure is printed when it happens and at the end.
    return [...new Set(told.map(([, is, name]) => `${is} ${name}`))].sort();
  };
  expect(await round(1)).toEqual(['ok data', 'ok embeds', 'ok lists', 'ok uses']);
  tree.write({ 'data/testdata/in': 'bad\n' });
  expect(await round(2)).toEqual(['FAIL data']);
  tree.write({ 'data/testdata/in': 'good\n', 'lib/lib.go': 'package lib\n\nfunc Text() string { return "bad" }\n' });
  expect(await round(3)).toEqual(['FAIL uses']);
  tree.write({ 'lists/dir/two': '', 'lib/lib.go': 'package lib\n\nfunc Text() string { return "good, too" }\n' });
  expect(await round(4)).toEqual(['ok lists', 'ok uses']);
  tree.write({ 'data/testdata/unread': 'other\n' });
  expect(await round(5)).toEqual([]);
  running.signal('SIGINT');
  expect((await running.ended).exit).toBe(0);
  expect(processesOf(tree.base)).toEqual([]);
});
