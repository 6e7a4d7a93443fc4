import { existsSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectDone } from '../src/expect-failure.ts';
import { Repo } from '../src/repo-rig.ts';

/** A statement that leaves a mark when it is run. */
const marking = (mark: string): string =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(mark)}, '');\n`;

const answers = [
  ['all'],
  ['-n', 'all'],
  ['query', '//...'],
  ['version'],
  ['help'],
  ['doctor'],
  ['affected', '--base', 'HEAD'],
];

function configured(): { repo: Repo; mark: string } {
  const repo = new Repo('plain');
  const mark = repo.path('../was-run');
  repo.write({
    'slipway.config.ts': "import { settings } from './config/settings.ts';\nexport default settings;\n",
    'config/settings.ts': `${marking(mark)}export const settings = { static: ['a', 'b'] };\n`,
  });
  return { repo: repo.init('v1.2.3'), mark };
}

/** Its scripts leave a mark. */
function scripted(): { repo: Repo; mark: string } {
  const repo = new Repo('kubernetes-shaped');
  const mark = repo.path('../was-run');
  repo.write({ 'hack/lib/golang.sh': `touch '${mark}'\n${repo.read('hack/lib/golang.sh')}` });
  return { repo: repo.init('v1.2.3'), mark };
}

test.for([
  { what: 'a configuration', made: configured },
  { what: 'scripts', made: scripted },
])('a user with SLIPWAY_TRUST=ask runs nothing of a tree before trusting its present form: $what', async ({ made }) => {
  const { repo: tree, mark } = made();
  await using repo = tree;
  const env = { SLIPWAY_TRUST: 'ask' };
  for (const words of answers) {
    const ended = await repo.slipway(words, { env });
    if (words[0] !== 'help' && words[0] !== 'doctor') expect(ended.stderr, words.join(' ')).toContain('UNTRUSTED_TREE');
    expect(existsSync(mark), words.join(' ')).toBe(false);
  }
  expectDone(await repo.slipway(['trust'], { env }));
  expect(existsSync(mark)).toBe(false);
  expectDone(await repo.slipway(['-n', 'all'], { env }));
  expect(existsSync(mark)).toBe(true);
  rmSync(mark);
  const other = ['config/settings.ts', 'hack/lib/golang.sh'].find((path) => existsSync(repo.path(path)))!;
  repo.write({ [other]: `${repo.read(other)}\n` });
  expect((await repo.slipway(['-n', 'all'], { env })).stderr).toContain('its files changed after they were trusted');
  expect(existsSync(mark)).toBe(false);
});

test('a module that slipway trust did not see does not run', async () => {
  const { repo: tree, mark } = configured();
  await using repo = tree;
  repo.write({
    'slipway.config.ts': "const name = './config/settings.ts';\nexport default (await import(name)).settings;\n",
  });
  const env = { SLIPWAY_TRUST: 'ask' };
  expectDone(await repo.slipway(['trust'], { env }));
  expect((await repo.slipway(['-n', 'all'], { env })).stderr).toContain('slipway trust does not cover this file');
  expect(existsSync(mark)).toBe(false);
});

test('a file of the user asks as well, and an unknown word is an error', async () => {
  const { repo: tree, mark } = configured();
  await using repo = tree;
  repo.write({ '../home/.config/slipway/trust': 'ask\n' });
  expect((await repo.slipway(['-n', 'all'])).stderr).toContain('UNTRUSTED_TREE');
  expect((await repo.slipway(['-n', 'all'], { env: { SLIPWAY_TRUST: 'maybe' } })).stderr).toContain('BAD_VALUE');
  expect(existsSync(mark)).toBe(false);
  expectDone(await repo.slipway(['-n', 'all'], { env: { SLIPWAY_TRUST: 'always' } }));
});

test.for([
  { what: 'a configuration', made: configured },
  { what: 'scripts', made: scripted },
])('--no-config reads a tree by conventions, and runs nothing of it: $what', async ({ made }) => {
  const { repo: tree, mark } = made();
  await using repo = tree;
  for (const words of answers) {
    expectDone(await repo.slipway(['--no-config', ...words.filter((word) => word !== 'all')]));
    expect(existsSync(mark), words.join(' ')).toBe(false);
  }
  // The record of another run belongs to another tree.
  expectDone(await repo.slipway(['all']));
  expect(existsSync(mark)).toBe(true);
  rmSync(mark);
  expectDone(await repo.slipway(['--no-config', 'all']));
  expect(existsSync(mark)).toBe(false);
});
