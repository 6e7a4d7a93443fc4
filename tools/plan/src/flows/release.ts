import type { Packing } from '@slipway/catalog';
import { join } from 'node:path/posix';
import {
  type ArchiveEntry,
  type SbomStep,
  type Command,
  type Failure,
  type ImageStep,
  type PlanNote,
  type Platform,
  type ChecksumStep,
  SHIPPED_NUMBER,
  SHIPPED_VERSION,
  type ShippedEntry,
  type ShippedImage,
  type Shipping,
  type Step,
  type StepId,
  archOf,
  osOf,
  inputPaths,
} from '@slipway/model';
import { imageArchiveName, refusedMembers, wholeTree } from '../artifacts/index.ts';
import { compressionFormat, namedFor } from '../compression.ts';
import { publishedDir } from '../names.ts';
import type { Planning } from '../planning.ts';
import type { Selecting } from '../select.ts';
import {
  type Packaging,
  archiveStep,
  sbomStep,
  checksumStep,
  commitSteps,
  imageIndexes,
  imageStep,
  loadSteps,
  pullSteps,
  pushSteps,
} from '../steps/package.ts';
import { provenanceStep } from '../steps/provenance.ts';
import { refusedImages } from './refused-images.ts';
import { shippedClashes } from './shipped-clashes.ts';
import { shippingOf, withVersion } from './shipped.ts';

export interface Packaged {
  readonly steps: readonly Step[];
  readonly failures: readonly Failure[];
  readonly notes: readonly PlanNote[];
}

/**
 * The release flow after the binaries: images, then tarballs (which may contain images and other tarballs), then
 * checksums.
 */
export function planPackaging(scope: Packing, planning: Planning): Packaged {
  const { shipping: shipped, failures: unknown, notes } = shippingOf(planning);
  const shipping = { ...shipped, tarballs: namedFor(compressionFormat(planning.variables), shipped.tarballs) };
  const failures = [
    ...unknown,
    ...nothingShipped(shipped, planning),
    ...shippedClashes(planning.facts, shipping.tarballs),
  ];
  if (failures.length > 0) return { steps: [], failures, notes };
  const packaging: Packaging = {
    planning,
    time: releaseTime(planning),
    compressor: planning.facts.shipping?.compressor ?? '',
  };
  const asked = shipping.images.map((image) => named(image, planning));
  const written = asked.map((image) => imageOf(image, packaging));
  const byName = asked.map(({ names }, i) => ({ step: written[i]!, name: names.at(-1)! }));
  const archives = written.map(({ to }) => to).sort();
  // The checksums are beside the archives, because images are also distributed separately.
  const imageSums = archives.length === 0 ? [] : [checksumStep('sha256', archives, planning.names.releaseImages)];
  const images = [...pullSteps(shipping.images, packaging), ...written, ...imageSums];
  const refused = scope === 'everything' ? [] : refusedImages(scope, written.length, planning);
  if (refused.length > 0) return { steps: [], failures: refused, notes: [] };
  if (scope === 'images') return { steps: images, failures, notes };
  if (scope === 'loaded images') return { steps: [...images, ...loadSteps(written)], failures, notes };
  if (scope === 'pushed images') return { steps: [...images, ...pushSteps(byName, planning)], failures, notes };
  const tarballs = shipping.tarballs.flatMap(({ name, entries }): Step[] =>
    entries === 'commit'
      ? commitSteps(name, packaging)
      : [
          archiveStep(
            name,
            entries.map((entry) => placed(entry, planning)),
            packaging,
          ),
        ],
  );
  const tars = shipping.tarballs.map(({ name }) => join(planning.names.releaseTars, name));
  const name = planning.facts.tree.release?.name ?? releaseName(shipping);
  const binaries = binariesIn(shipping, planning);
  const sboms = (['spdx', 'cyclonedx'] as const).map((format) =>
    sbomStep(format, { name, binaries, images: written }, packaging),
  );
  const { checksums: sums } = planning.facts.tree.release ?? {};
  const ofArchives = sums === undefined ? [] : [sumsStep(sums, { tars, name }, packaging)];
  const files = [...tars, ...[...sboms, ...ofArchives].map(({ to }) => to)].sort();
  const indexes = imageIndexes(byName);
  const provenance = provenanceStep({ files, binaries, shipping, images: indexes }, packaging);
  const checksums = (['sha256', 'sha512'] as const).map((each) =>
    checksumStep(each, [...files, provenance.to].sort(), planning.names.releaseTars),
  );
  const unsafe = refusedMembers(shipping.tarballs, planning.facts.shipping?.source ?? []);
  return {
    steps: [...images, ...inOrderOfUse(tarballs), ...sboms, ...ofArchives, provenance, ...checksums],
    failures,
    notes: [...notes, ...unsafe],
  };
}

/** A release without any binary would hide that something is missing. */
function nothingShipped({ tarballs, images }: Shipping, { facts }: Planning): Failure[] {
  const packed = tarballs.flatMap(({ entries }) => (entries === 'commit' ? [] : entries));
  const layered = images.flatMap(({ layers }) => layers.flat());
  return facts.tree.release === undefined || [...packed, ...layered].some((entry) => 'binary' in entry)
    ? []
    : [{ code: 'NO_COMMANDS', root: facts.tree.root }];
}

/** The checksums of the archives, in a file that the tree names. */
function sumsStep(
  text: string,
  { tars, name }: { readonly tars: readonly string[]; readonly name: string },
  { planning }: Packaging,
): ChecksumStep {
  const to = withVersion(
    text.replaceAll('{name}', name).replaceAll('{version}', SHIPPED_VERSION).replaceAll('{number}', SHIPPED_NUMBER),
    planning,
  );
  return checksumStep('sha256', [...tars].sort(), planning.names.releaseTars, to);
}

/** The name of the last tarball is the release's name. */
const releaseName = ({ tarballs }: Shipping): string =>
  (
    tarballs.map(({ name }) => name.replace(/\.tar\.\w+$/, '')).sort((a, b) => a.length - b.length)[0] ?? 'release'
  ).split('-')[0]!;

/** Each shipped binary once, even if several artifacts contain it. */
function binariesIn({ tarballs, images }: Shipping, planning: Planning): SbomStep['binaries'] {
  const packed = tarballs.flatMap(({ entries: members }) => (members === 'commit' ? [] : members));
  const entries = [...packed, ...images.flatMap(({ layers }) => layers.flat())];
  const binaries = entries.flatMap((entry) => {
    if (!('binary' in entry)) return [];
    const { binary: name, platform } = entry;
    return [{ name, platform, file: binaryPath(name, platform, planning) }];
  });
  const byFile = new Map(binaries.map((binary) => [binary.file, binary]));
  return [...byFile.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The commands in images, for the images' platforms. */
export function selectShippedImages(planning: Planning): Selecting {
  const { facts } = planning;
  const commands = new Map<Platform, Command[]>();
  for (const { platform, layers } of shippingOf(planning).shipping.images) {
    const list = commands.get(platform) ?? [];
    const binaries = layers.flat().flatMap((entry) => ('binary' in entry ? [entry.binary] : []));
    const added = binaries.flatMap((binary) => facts.tree.commands.find(({ name }) => name === binary) ?? []);
    commands.set(platform, [...list, ...added.filter((command) => !list.includes(command))]);
  }
  return { selection: { commands, goFlags: [] }, failures: [], notes: [] };
}

/**
 * Adds `needs` to steps that read outputs of other steps. Packaging code knows only paths, not the steps that write
 * them.
 */
export function needProducers(steps: readonly Step[]): Step[] {
  const producers = new Map(steps.flatMap((step) => step.outputs.map((output) => [output, step.id] as const)));
  return steps.map((step) => {
    const made = inputPaths(step).flatMap((input) => producers.get(input) ?? []);
    return { ...step, needs: [...new Set<StepId>([...step.needs, ...made])] };
  });
}

/** Sorts artifacts after those that they contain; otherwise the order is kept. */
function inOrderOfUse(steps: readonly Step[]): Step[] {
  const waiting = new Map(steps.flatMap((step) => step.outputs.map((output) => [output, step] as const)));
  const result = new Set<Step>();
  const add = (step: Step): void => {
    for (const output of step.outputs) waiting.delete(output);
    for (const input of inputPaths(step)) {
      const maker = waiting.get(input);
      if (maker !== undefined) add(maker);
    }
    result.add(step);
  };
  for (const step of steps) if (!result.has(step)) add(step);
  return [...result];
}

const imageOf = (image: ShippedImage, packaging: Packaging): ImageStep =>
  imageStep(
    image,
    {
      to: join(packaging.planning.names.releaseImages, imageArchiveName(image.name, archOf(image.platform))),
      layers: image.layers.map((entries) => wholeTree(entries).map((entry) => placed(entry, packaging.planning))),
    },
    packaging,
  );

/** The path where builds publish a binary. */
const binaryPath = (name: string, platform: Platform, { names }: Planning): string =>
  join(publishedDir(names, platform), osOf(platform) === 'windows' ? `${name}.exe` : name);

function placed(entry: ShippedEntry, planning: Planning): ArchiveEntry {
  const { path } = entry;
  if ('binary' in entry) {
    const { binary, platform, capabilities } = entry;
    const file = { path, file: binaryPath(binary, platform, planning), mode: 0o755 };
    return capabilities === undefined ? file : { ...file, capabilities };
  }
  if ('artifact' in entry) return { path, file: artifactPath(entry.artifact, planning), mode: 0o644 };
  if ('source' in entry) return { path, file: entry.source.path, mode: entry.source.executable ? 0o755 : 0o644 };
  return 'text' in entry ? { ...entry, text: withVersion(entry.text, planning) } : entry;
}

const artifactPath = (name: string, { names }: Planning): string =>
  join(name.endsWith('.tar') ? names.releaseImages : names.releaseTars, name);

/** The image with another registry or tag, if the user asked for one. */
function named(image: ShippedImage, planning: Planning): ShippedImage {
  const { KUBE_DOCKER_REGISTRY: registry, KUBE_DOCKER_IMAGE_TAG: tag } = planning.variables;
  const [first = ''] = image.names;
  const [, ownRegistry = '', rest = ''] = /^(.*)\/([^/]*)$/.exec(first) ?? [];
  const [repository, ownTag] = rest.split(':');
  const second = `${registry || ownRegistry}/${repository}:${tag || ownTag}`;
  const asText = JSON.stringify({ ...image, names: [...new Set([...image.names, second])] });
  return JSON.parse(withVersion(asText, planning)) as ShippedImage;
}

/** SOURCE_DATE_EPOCH, else the commit's time, else 1970. */
const releaseTime = ({ facts, variables }: Planning): number =>
  Number(variables['SOURCE_DATE_EPOCH'] || (facts.git.commitTime ?? 0));
