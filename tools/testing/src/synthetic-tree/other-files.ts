import { phrase } from './go-functions.ts';
import { type Random, seededRandom } from './random.ts';
import { type Part, commandRows, parts, totals } from './shape.ts';
import type { SyntheticFile } from './synthetic-file.ts';
import { type SyntheticTree, mainModulePath, stagingDomain } from './synthetic-tree.ts';
import { adjectives, nouns } from './words.ts';

/** Files of a tree besides Go: owners, readmes, licences, fixtures, manifests, and its own configuration. */
export function* otherFiles(tree: SyntheticTree): Iterable<SyntheticFile> {
  yield {
    path: 'README.md',
    text: '# A tree that was made up\n\nIts size and shape are those of a large Go monorepo; its code does nothing.\n',
  };
  yield { path: '.gitignore', text: '/_output/\n' };
  for (const part of parts) {
    const random = seededRandom(tree.seed, 'other', part);
    const beside = [...besidePackages(tree, part, random)];
    const count = Math.max(3, Math.round(totals.otherFiles[part] * tree.scale));
    yield* beside.slice(0, count);
    for (let index = 0; index < count - beside.length; index++) yield fixture(part, index, random);
  }
}

function* besidePackages(tree: SyntheticTree, part: Part, random: Random): Iterable<SyntheticFile> {
  for (const module of tree.modules.filter((each) => each.part === part && part !== 'main')) {
    const kind = module.part === 'vendor' ? 'LICENSE' : 'README.md';
    yield { path: `${module.dir}/${kind}`, text: `${module.path}: free to use for every ${phrase(random)}.\n` };
  }
  for (const each of tree.packages) {
    if (each.module.part !== part) continue;
    if (part !== 'vendor' && random.chance(0.2))
      yield {
        path: `${each.dir}/OWNERS`,
        text: `approvers:\n${Array.from({ length: 1 + random.below(5) }, () => `  - ${random.pick(nouns)}-${random.pick(adjectives)}\n`).join('')}`,
      };
    if (random.chance(0.1))
      yield {
        path: `${each.dir}/NOTES.md`,
        text: `# ${each.name}\n\n${Array.from({ length: random.below(20) + 1 }, () => `Keep the ${phrase(random)} apart from the ${phrase(random)}.`).join('\n')}\n`,
      };
  }
}

const fixtureDirs: Readonly<Record<Part, string>> = {
  vendor: 'vendor/vendored.example/suite/v2/docs',
  staging: `staging/src/${stagingDomain}/records/testdata`,
  main: 'test/manifests',
};

/** A hundred to a directory. */
function fixture(part: Part, index: number, random: Random): SyntheticFile {
  const kind =
    part === 'staging'
      ? (['yaml', 'yaml', 'json', 'pb'] as const)[index % 4]!
      : (['yaml', 'md', 'json', 'sh'] as const)[index % 4]!;
  const path = `${fixtureDirs[part]}/${nouns[Math.floor(index / 100) % nouns.length]}/${random.pick(adjectives)}-${random.pick(nouns)}-${index}.${kind}`;
  const rows = Array.from(
    { length: random.quantile([3, 10, 20, 40, 150]) },
    () => [random.pick(nouns), phrase(random)] as const,
  );
  if (kind === 'json') return { path, text: `${JSON.stringify(Object.fromEntries(rows), undefined, 2)}\n` };
  return {
    path,
    text: rows.map(([key, value]) => (kind === 'yaml' ? `${key}: ${value}\n` : `${key}, ${value}\n`)).join(''),
  };
}

const linux = ['linux/amd64', 'linux/arm64', 'linux/s390x', 'linux/ppc64le'];
const desktop = ['darwin/amd64', 'darwin/arm64', 'windows/amd64'];
const setPlatforms = {
  server: linux,
  node: [...linux, 'windows/amd64'],
  client: [...linux, ...desktop],
  test: [...linux, ...desktop],
  'test-server': linux,
};

/** The sets of the tree, as Kubernetes' own script divides them. */
export function configFile(): SyntheticFile {
  const names = Object.keys(setPlatforms) as (keyof typeof setPlatforms)[];
  const sets = Object.fromEntries(
    names.map((name) => [
      name,
      {
        targets: commandRows.filter((row) => (row.sets as readonly string[]).includes(name)).map((row) => row.target),
        platforms: setPlatforms[name],
      },
    ]),
  );
  const config = {
    goPackage: mainModulePath,
    sets,
    static: commandRows.filter((row) => !('cgo' in row) && !row.name.endsWith('.test')).map((row) => row.name),
    versionPackages: [`${stagingDomain}/base/version`],
    aliases: { 'suite-runner': 'vendored.example/suite/v2/suite-runner' },
  };
  return { path: 'slipway.config.ts', text: `export default ${JSON.stringify(config, undefined, 2)};\n` };
}
