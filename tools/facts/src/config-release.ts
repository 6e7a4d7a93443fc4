import { join, posix } from 'node:path';
import {
  type ArchiveSettings,
  FailureError,
  type ImageSettings,
  NOBODY,
  type ReleaseSettings,
  type Tree,
} from '@slipway/model';
import {
  type Config,
  type ConfigArchive,
  type ConfigImage,
  type ConfigRelease,
  archiveWords,
  configFileName,
} from '@slipway/catalog';
import { misnamed } from './misnamed.ts';
import type { PackageRoot } from './packages.ts';

type ShippedCommands = Pick<Tree, 'allTargets' | 'commands'>;

/** The release settings of the configuration, with conventions for missing ones. Throws BAD_CONFIG. */
export function releaseSettings(
  tree: PackageRoot,
  known: ShippedCommands,
  release: ConfigRelease = {},
): ReleaseSettings {
  const { root, disk, goPackage } = tree;
  const there = (...names: string[]): string[] => names.filter((name) => disk.kindOf(join(root, name)) !== undefined);
  const licenses = release.licenses ?? there('LICENSE', 'LICENSES');
  const images = (release.images ?? []).map((image) => imageSettings(image, release));
  for (const { binaries } of images) checkBinaries(tree, known, 'release.images names', binaries);
  const archives = release.archives?.map((archive) => archiveSettings(archive, licenses));
  for (const { binaries = [], name, directory } of archives ?? []) {
    checkBinaries(tree, known, 'release.archives names', binaries);
    for (const text of [name, directory]) checkWords(tree, 'release.archives', text);
  }
  if (release.checksums !== undefined) checkChecksums(tree, release);
  return {
    name: release.name ?? releaseName(goPackage, root),
    registry: release.registry ?? goPackage.split('/')[0]!,
    images,
    licenses,
    manifests: release.manifests ?? [],
    portable: release.portable ?? [],
    files: release.files ?? there('README.md'),
    ...(archives === undefined ? {} : { archives }),
    ...(release.checksums === undefined ? {} : { checksums: release.checksums }),
  };
}

/** Names of binaries in images without a base. Such images have no C library. */
export const onNothing = ({ release = {} }: Config): string[] =>
  (release.images ?? [])
    .map((image) => imageSettings(image, release))
    .filter(({ base }) => base === 'scratch')
    .flatMap(({ binaries }) => binaries);

/** The last part of its path that is not a major version (`etcd/v3`, `yaml.v2`), else the name of the repository. */
function releaseName(goPackage: string, root: string): string {
  const parts = goPackage.split('/').map((part) => part.replace(/\.v\d+$/, ''));
  return parts.findLast((part) => !/^v\d+$/.test(part)) ?? posix.basename(root);
}

function imageSettings(said: string | ConfigImage, release: ConfigRelease): ImageSettings {
  const image: ConfigImage = typeof said === 'string' ? { name: said } : said;
  const binaries = image.binaries ?? [image.name];
  const place = Object.keys(image.files ?? {}).find(
    (path) => !posix.isAbsolute(path) || posix.normalize(path) !== path,
  );
  if (place !== undefined)
    throw badRelease(`release.images has a file at ${place}, which is no place in an image; one begins with a slash`);
  if (binaries.length === 0) throw badRelease(`release.images has ${image.name} with no binary`);
  return {
    name: image.name,
    binaries,
    files: image.files ?? {},
    entrypoint: image.entrypoint ?? [`/usr/local/bin/${binaries[0]!}`],
    user: image.user ?? NOBODY,
    labels: image.labels ?? {},
    base: image.base ?? release.base ?? 'scratch',
  };
}

const archiveSettings = (archive: ConfigArchive, licenses: readonly string[]): ArchiveSettings => ({
  name: archive.name ?? defaultNames[archive.per ?? 'platform'],
  per: archive.per ?? 'platform',
  binaries: archive.binaries,
  format: archive.format ?? 'tar.gz',
  formats: archive.formats ?? {},
  directory: archive.directory ?? '',
  files: archive.files ?? licenses,
});

const defaultNames = {
  platform: '{name}-{os}-{arch}',
  set: '{name}-{set}-{os}-{arch}',
  command: '{command}-{os}-{arch}',
} as const satisfies Record<ArchiveSettings['per'], string>;

/** A binary that no set ships cannot be in an image or archive. */
function checkBinaries(
  tree: PackageRoot,
  { allTargets, commands }: ShippedCommands,
  before: string,
  names: readonly string[],
): void {
  const known = commands.filter(({ target }) => allTargets.includes(target)).map(({ name }) => name);
  for (const name of names)
    if (!known.includes(name))
      throw new FailureError(misnamed(tree, name, { before, after: 'which is not a binary of a set', known }));
}

function checkWords(tree: PackageRoot, field: string, text: string, words: readonly string[] = archiveWords): void {
  const known = words.map((word) => `{${word}}`);
  for (const [word] of text.matchAll(/\{[^{}]*\}/g))
    if (!known.includes(word))
      throw new FailureError(
        misnamed(tree, word, { before: `${field} names`, after: 'which is not a known word', known }),
      );
}

function checkChecksums(tree: PackageRoot, { archives, checksums = '' }: ConfigRelease): void {
  checkWords(tree, 'release.checksums', checksums, ['name', 'version', 'number']);
  if (archives === undefined)
    throw badRelease('release.checksums is there without release.archives, whose sums it has');
  if (checksums.includes('/')) throw badRelease(`release.checksums is ${checksums}, which is no name of a file`);
}

const badRelease = (fact: string): FailureError => new FailureError({ code: 'BAD_CONFIG', file: configFileName, fact });
