import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type * as NoOp from '@slipway/cli/no-op';
import { expectDone } from '../src/expect-failure.ts';
import { type FixtureName, Repo } from '../src/repo-rig.ts';
import { packagedPart } from '../src/packaged-slipway.ts';
import { slipwayCommand } from '../src/slipway-process.ts';

/** The package's own: a record that it wrote is another program's to the sources. */
const { firstLook } = (await import(pathToFileURL(packagedPart(slipwayCommand()[1], 'no-op')).href)) as typeof NoOp;

const fixtures = readdirSync(join(import.meta.dirname, '../fixtures'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name as FixtureName);

/** Files of the tree that git tracks, by their end. */
const tracked = (tree: Repo, end: string): string[] =>
  tree
    .git('ls-files')
    .split('\n')
    .filter((path) => path.endsWith(end));

/** A Go file of a command. */
const aGoFile = (tree: Repo): string =>
  tree.path(tracked(tree, '.go').find((path) => !path.startsWith('vendor/') && /^func main\(/m.test(tree.read(path)))!);

const binaries = (tree: Repo): string[] =>
  execFileSync('find', [tree.path('_output'), '-type', 'f', '-perm', '-u+x', '-path', '*local/bin*'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '');

interface Edit {
  readonly what: string;
  readonly edit: (tree: Repo) => void;
  /** Words of the next request besides `all`. */
  readonly args?: readonly string[];
  /** That something is to be done afterwards. */
  readonly matters: boolean;
}

const edits: readonly Edit[] = [
  { what: 'nothing', edit() {}, matters: false },
  { what: 'a source is touched', edit: (tree) => utimesSync(aGoFile(tree), 1, 1), matters: false },
  { what: 'a source is changed', edit: (tree) => appendFileSync(aGoFile(tree), '\nvar changed = 1\n'), matters: true },
  { what: 'a binary is gone', edit: (tree) => rmSync(binaries(tree)[0]!), matters: true },
  { what: 'a binary is another', edit: (tree) => writeFileSync(binaries(tree)[0]!, 'other'), matters: true },
  { what: 'a binary may not be run', edit: (tree) => chmodSync(binaries(tree)[0]!, 0o644), matters: true },
  { what: 'an empty commit', edit: (tree) => tree.commit('empty'), matters: false },
  { what: 'a flag', edit() {}, args: ['GOFLAGS=-tags=extra'], matters: true },
  { what: 'a stamp of git', edit() {}, args: ['GOFLAGS=-buildvcs'], matters: true },
  { what: 'the same stamp', edit() {}, args: ['GOFLAGS=-buildvcs'], matters: true },
];

/** Whether the look at the record says that nothing is to be done: no step is planned for it. */
const looked = (tree: Repo, args: readonly string[]): boolean =>
  firstLook(['-C', tree.dir, 'all', ...args], tree.env).answer?.said.includes('nothing changed') === true;

/** Whether all of it is judged, and nothing had to be done. */
async function judged(tree: Repo, args: readonly string[]): Promise<boolean> {
  const ended = await tree.slipway(['all', '--explain', ...args]);
  expectDone(ended);
  return !/^(ran|restored) /m.test(ended.stdout);
}

describe.each(fixtures)(
  'of fixture %s the quick answer and the full check are the same',

  (fixture) => {
    test('after each kind of edit, and after the run that followed it', async () => {
      await using tree = new Repo(fixture).init('v1.2.3');
      expectDone(await tree.slipway(['all']));
      const said: unknown[] = [];
      for (const { what, edit, args = [], matters } of edits) {
        edit(tree);
        const before = looked(tree, args);
        const nothing = await judged(tree, args);
        const after = looked(tree, args);
        said.push({ what, before, nothing, after, again: after && matters ? await judged(tree, args) : after });
      }
      const stays = ({ args = [] }: Edit): boolean => !args.some((arg) => arg.includes('-buildvcs'));
      expect(said).toEqual(
        edits.map((each) => ({
          what: each.what,
          before: !each.matters,
          nothing: !each.matters,
          after: stays(each),
          again: stays(each),
        })),
      );
    });
  },
);
