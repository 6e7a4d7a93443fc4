import { expect, test } from 'vitest';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { Repo, repo } from '../src/repo-rig.ts';

test('commits between two tags are listed by the components whose packages they change', async () => {
  await using tree = repo('configured');
  const touch = (path: string) => ({ [path]: `${tree.read(path)}\n// more\n` });
  tree.write(touch('programs/keeper/main.go')).commit('fix: keep longer');
  tree
    .write(touch('programs/gate/main.go'))
    .commit('gate: open wider\n\nRelease-note: The gate opens wider.\n/kind feature');
  tree.write(touch('go.mod')).commit('feat!: say more');
  tree.write({ 'notes.txt': 'x' }).commit('docs: notes', 'v1.3.0');
  const notes = await tree.slipway(['release', 'notes', 'v1.3.0']);
  expectDone(notes);
  expect(notes.stdout.replaceAll(/\([0-9a-f]{12}\)/g, '(…)')).toBe(`# v1.3.0

4 commits since v1.2.3.

## gate

- [feature] The gate opens wider. (Tester) (…)

## keeper

- [bug] keep longer (Tester) (…)

## All components

- **breaking** [feature] say more (Tester) (…)

## Nothing that is built

- [documentation] notes (Tester) (…)

## Contributors

Tester
`);
  expect((await tree.slipway(['release', 'notes', 'v1.2.3', 'v1.3.0'])).stdout).toBe(notes.stdout);
  tree.commit('later');
  expect((await tree.slipway(['release', 'notes', 'v1.3.0'])).stdout).toContain('which is another commit');
  expectFailure(await tree.slipway(['release', 'notes', 'v9.9.9']), 'BAD_USAGE', {
    says: 'git describe',
    hint: 'FROM TO',
  });
  expectFailure(await tree.slipway(['release', 'notes', '--', '--output=x']), 'BAD_USAGE');
});

test('tags of a module below the root cover the changes in it', async () => {
  await using tree = new Repo('workspace').init('server/v0.1.0');
  tree.git('tag', 'cli/v0.9.0');
  for (const path of ['server/cmd/server/main.go', 'cli/main.go', 'library/library.go'])
    tree.write({ [path]: `${tree.read(path)}\n// more\n` }).commit(`change ${path}`);
  tree.git('tag', 'server/v0.2.0');
  const notes = await tree.slipway(['release', 'notes', 'server/v0.2.0', '--json']);
  expect(JSON.parse(notes.stdout)).toMatchObject({
    ...{ from: 'server/v0.1.0', to: 'server/v0.2.0' },
    sections: [{ components: ['server'], commits: [{ title: 'change server/cmd/server/main.go' }] }],
  });
  const all = await tree.slipway(['release', 'notes', 'cli/v0.9.0', 'HEAD']);
  expect(all.stdout).toContain('3 commits since cli/v0.9.0');
});

test('a merged pull request is one line with its number, its authors and all components that it changes', async () => {
  await using tree = repo('configured');
  const touch = (path: string) => ({ [path]: `${tree.read(path)}\n// more\n` });
  tree.git('checkout', '--quiet', '-b', 'side');
  tree.write(touch('programs/keeper/main.go')).commit('wip');
  tree.write(touch('programs/gate/main.go')).commit('more wip\n\nCo-authored-by: Bob <bob@example.org>');
  tree.git('checkout', '--quiet', 'main');
  tree.write(touch('programs/keeper/main.go')).commit('fix: squashed (#7)');
  tree.git('checkout', '--quiet', '-b', 'other');
  tree.write({ 'notes.txt': 'x' }).commit('quiet work\n\nRelease-note: NONE');
  tree.git('checkout', '--quiet', 'main');
  const merge = (branch: string, message: string) =>
    tree.git('merge', '--quiet', '--no-ff', '-X', 'theirs', '-m', message, branch);
  merge('side', 'Merge pull request #12 from bob/side\n\nThe gate tells the keeper\n\n/kind feature');
  merge('other', 'Merge branch other');
  tree.git('tag', 'v1.3.0');
  const notes = await tree.slipway(['release', 'notes', 'v1.3.0', '--json']);
  expectDone(notes);
  const told = JSON.parse(notes.stdout) as {
    contributors: string[];
    sections: { components: string[]; commits: { title: string; pull?: number; kind?: string; authors: string[] }[] }[];
  };
  expect(told.contributors).toEqual(['Bob', 'Tester']);
  expect(told.sections).toMatchObject([
    { components: ['keeper'], commits: [{ title: 'squashed', pull: 7, kind: 'bug' }] },
    {
      components: ['gate', 'keeper'],
      commits: [{ title: 'The gate tells the keeper', pull: 12, kind: 'feature', authors: ['Tester', 'Bob'] }],
    },
  ]);
  expect((await tree.slipway(['release', 'notes', 'v1.3.0'])).stdout).toContain(
    '- [feature] The gate tells the keeper (#12, Tester, Bob) (',
  );
});
