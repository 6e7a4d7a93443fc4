import { expect, test } from 'vitest';
import { processesOf, until, whyNoProcesses } from '../src/processes.ts';
import { repo } from '../src/repo-rig.ts';

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
