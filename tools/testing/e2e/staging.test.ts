import { expect, test } from 'vitest';
import { expectDone } from '../src/expect-failure.ts';
import type { FixtureName } from '../src/repo-rig.ts';
import { WatchedRepo, byStatus } from '../src/watched-repo.ts';

interface Way {
  readonly by: string;
  readonly fixture: FixtureName;
  /** A file of a module in staging, or linked in like one. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** A command that uses it, and what it says then. */
  readonly user: string;
  readonly says: RegExp;
  /** A command that does not. */
  readonly other: string;
}

/** The three ways in which a tree's own modules come into its builds. */
const ways: readonly Way[] = [
  {
    by: 'go.work',
    fixture: 'workspace',
    file: 'library/library.go',
    from: 'hello from',
    to: 'good day from',
    user: 'server',
    says: /^good day from server/,
    other: 'server/cmd/other/main.go',
  },
  {
    by: 'a replace directive',
    fixture: 'plain',
    file: 'staging/src/plain.example/words/words.go',
    from: 'hello from',
    to: 'good day from',
    user: 'b',
    says: /^good day from b/,
    other: 'cmd/other/main.go',
  },
  {
    by: 'a link in vendor/',
    fixture: 'vendored',
    file: 'staging/src/shape.example/component-base/version/base.go',
    from: 'return gitVersion',
    to: 'return "edited " + gitVersion',
    user: 'kubectl',
    says: /edited v1\.2\.3/,
    other: 'cmd/other/main.go',
  },
];

test.each(ways)('a module linked in by $by is built, and an edit in it is noticed', async (way) => {
  await using tree = new WatchedRepo(way.fixture);
  tree.write({ [way.other]: 'package main\n\nfunc main() {}\n' }).init('v1.2.3');
  const words = ['all', `WHAT=${way.user} other`];
  expectDone(await tree.build(words));
  expect(tree.output(tree.published(way.user))).not.toMatch(way.says);
  tree.write({ [way.file]: tree.read(way.file).replace(way.from, way.to) });
  const edited = await tree.build(words);
  expectDone(edited);
  expect(byStatus(edited)).toEqual({ ran: [way.user], fresh: ['other'] });
  expect(tree.output(tree.published(way.user))).toMatch(way.says);
});
