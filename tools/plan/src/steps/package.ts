import { hash } from 'node:crypto';
import { basename, join, relative } from 'node:path/posix';
import {
  counted,
  type ArchiveEntry,
  type ArchiveStep,
  type SbomStep,
  type ChecksumStep,
  type CompressStep,
  type ExecStep,
  type Facts,
  type ImageIndex,
  type ImageStep,
  type LoadStep,
  type PullStep,
  type PushStep,
  type ShippedImage,
  type StepId,
  archOf,
  osOf,
  placeOf,
} from '@slipway/model';
import { moduleFiles } from '../deciding-files.ts';
import { withAction } from '../file-action.ts';
import { type OutputNames, absolute } from '../names.ts';
import type { Planning } from '../planning.ts';
import { imageAnnotations } from './image-annotations.ts';

/** The common inputs of all artifacts of a release. */
export interface Packaging {
  readonly planning: Planning;
  /** Seconds since the epoch: the time of every archive member. */
  readonly time: number;
  /** The compressor of archives and layers, with versions and levels. */
  readonly compressor: string;
}

const base = { needs: [], after: [], pool: 'io' } as const;

/** Bytes that git needs to unpack objects. */
const GIT_MEMORY = 2 ** 28;

export function archiveStep(name: string, entries: readonly ArchiveEntry[], packaging: Packaging): ArchiveStep {
  const to = join(packaging.planning.names.releaseTars, name);
  const count = counted(entries.length, 'entry', 'entries');
  const step: ArchiveStep = {
    ...{ ...base, kind: 'archive', id: `archive:${name}` as StepId, title: `archive ${to} (${count})`, outputs: [to] },
    ...{ to, entries, time: packaging.time },
  };
  return withAction(step, worksOn(entries, { compressor: packaging.compressor, ...timed(packaging) }));
}

/** `git archive` of the checked-out commit, compressed like the other artifacts. */
export function commitSteps(name: string, packaging: Packaging): [ExecStep, CompressStep] {
  const { facts, names } = packaging.planning;
  const tar = join(names.releaseStage, 'src', name.replace(/\.(?:gz|zst)$/, ''));
  const to = join(names.releaseTars, name);
  const { commit = 'HEAD', describe = '' } = facts.git;
  const exported = `git-archive:${name}` as StepId;
  const root = facts.tree.root;
  // The modes of all other members of a release, regardless of the user's git settings. The tree's own scripts use
  // git's default.
  const umask = facts.shipping?.scripted === undefined ? '0022' : '0002';
  const exporting: ExecStep = {
    ...{ ...base, kind: 'exec', id: exported, title: `git archive ${commit.slice(0, 12)}`, outputs: [tar] },
    ...{ place: 'host', cwd: root, env: {}, unset: [], scratch: undefined, memory: GIT_MEMORY },
    argv: ['git', '-c', `tar.umask=${umask}`, 'archive', '--format=tar', `--output=${absolute(root, tar)}`, commit],
  };
  const compressing: CompressStep = {
    ...{ ...base, kind: 'compress', id: `compress:${name}` as StepId, title: `compress ${to}`, outputs: [to] },
    ...{ needs: [exported], from: tar, to },
  };
  return [
    withAction(exporting, { inputs: [], settings: { commit, describe, umask } }),
    withAction(compressing, { inputs: [tar], settings: { compressor: packaging.compressor } }),
  ];
}

export function imageStep(
  { name, platform, names, base: begins, config }: ShippedImage,
  { to, layers }: Pick<ImageStep, 'to' | 'layers'>,
  packaging: Packaging,
): ImageStep {
  const layout = baseLayout(begins, packaging.planning.names);
  const annotations = imageAnnotations(packaging);
  const labels = { ...annotations, ...config.labels };
  const work = worksOn(layers.flat(), {
    ...{ names: names.join(' '), config: JSON.stringify({ ...config, labels }), base: begins },
    ...{ annotations: JSON.stringify(annotations), compressor: packaging.compressor },
    ...timed(packaging),
  });
  const step: ImageStep = {
    ...{ ...base, kind: 'image', id: `image:${platform}:${name}` as StepId, title: `image ${names[0]} (${platform})` },
    ...{
      outputs: [to],
      to,
      platform,
      names,
      base: layout,
      layers,
      config: { ...config, labels },
      annotations,
      time: packaging.time,
    },
  };
  const inputs = [...work.inputs, ...(layout === undefined ? [] : [join(layout, 'index.json')])];
  return withAction(step, { ...work, inputs });
}

/** Reports whether an image's base has to be fetched. */
export const isInRegistry = ({ base: begins }: Pick<ShippedImage, 'base'>): boolean =>
  begins !== 'scratch' && !begins.startsWith('oci:');

/** The path of the base image's layout; undefined without a base. */
export function baseLayout(begins: string, names: OutputNames): string | undefined {
  if (begins === 'scratch') return undefined;
  return begins.startsWith('oci:') ? begins.slice('oci:'.length) : join(names.releaseStage, 'bases', placeOf(begins));
}

/** Fetches each base image once, for all platforms. */
export function pullSteps(images: readonly ShippedImage[], { planning }: Packaging): PullStep[] {
  return [...Map.groupBy(images.filter(isInRegistry), (image) => image.base)].map(([image, users]) => {
    const to = baseLayout(image, planning.names)!;
    return {
      ...{ ...base, kind: 'pull', id: `pull:${image}` as StepId, title: `pull ${image}` },
      ...{
        outputs: [join(to, 'index.json')],
        image,
        platforms: [...new Set(users.map(({ platform }) => platform))],
        to,
      },
    };
  });
}

/** An image and its name. */
export interface NamedImage {
  readonly step: ImageStep;
  readonly name: string;
}

/** One index for each image with several platforms. Its name is the images' name without the architecture. */
export const imageIndexes = (images: readonly NamedImage[]): ImageIndex[] =>
  [...Map.groupBy(images, indexName)].map(([name, of]) => ({
    name,
    images: of.map(({ step: { to, platform }, name: own }) => ({ archive: to, name: own, platform })),
    annotations: of[0]!.step.annotations,
  }));

export const pushSteps = (images: readonly NamedImage[], { names, facts, moveTags = false }: Planning): PushStep[] =>
  imageIndexes(images).map((index) => ({
    ...{ ...base, kind: 'push', id: `push:${index.name}` as StepId, title: `push ${index.name}`, outputs: [] },
    needs: images.filter((each) => indexName(each) === index.name).map(({ step }) => step.id),
    ...index,
    others: otherImages(index, facts),
    set: names.releaseTars,
    moveTags,
  }));

/**
 * The images of the tree's platforms that are not built now; none if the name of an image does not contain its
 * platform.
 */
function otherImages({ name, images }: ImageIndex, { tree }: Facts): PushStep['others'] {
  if (images.some(({ name: own }) => own === name)) return [];
  const here = images.map(({ platform }) => platform);
  const all = new Set(Object.values(tree.sets).flatMap(({ platforms }) => platforms));
  return [...all]
    .filter((platform) => osOf(platform) === 'linux' && !here.includes(platform))
    .map((platform) => ({ name: name.replace(/(?=:[^:]*$)/, `-${archOf(platform)}`), platform }));
}

/** `registry.example/kube-proxy:v1` of `registry.example/kube-proxy-arm64:v1`. */
function indexName({ name, step: { platform } }: NamedImage): string {
  const [, repository = '', tag = ''] = /^(.*):([^:/]*)$/.exec(name)!;
  const suffix = `-${archOf(platform)}`;
  return `${repository.endsWith(suffix) ? repository.slice(0, -suffix.length) : repository}:${tag}`;
}

export const loadSteps = (images: readonly ImageStep[]): LoadStep[] =>
  images.map(({ id, to, names }) => ({
    ...{ ...base, kind: 'load', id: `load:${to}` as StepId, title: `load ${names.at(-1)}`, outputs: [] },
    ...{ needs: [id], archive: to },
  }));

export function checksumStep(
  algorithm: 'sha256' | 'sha512',
  files: readonly string[],
  directory: string,
  name = `${algorithm.toUpperCase()}SUMS`,
): ChecksumStep {
  const to = join(directory, name);
  const id = `checksum:${basename(directory)}:${name}` as StepId;
  const step: ChecksumStep = {
    ...{ ...base, kind: 'checksum', id, title: `write ${to}`, outputs: [to] },
    ...{ algorithm, files, to },
  };
  const settings = { algorithm, names: files.map((file) => relative(directory, file)).join(' ') };
  return withAction(step, { inputs: files, settings });
}

/** A bill of materials of every shipped binary. */
export function sbomStep(
  format: SbomStep['format'],
  { name, binaries, images }: Pick<SbomStep, 'name' | 'binaries'> & { readonly images: readonly ImageStep[] },
  packaging: Packaging,
): SbomStep {
  const { names, gitVersion, facts } = packaging.planning;
  const vendor = facts.tree.vendored ? 'vendor' : undefined;
  const sums = sumFiles(facts);
  const to = join(names.releaseTars, format === 'spdx' ? `${name}.spdx.json` : `${name}.cdx.json`);
  const described = binaries.map((binary) => `${binary.platform} ${binary.name} ${binary.file}`).join('\n');
  const step: SbomStep = {
    ...{ ...base, kind: 'sbom', id: `sbom:${format}` as StepId, title: `write ${to}`, outputs: [to] },
    ...{ format, to, name, version: gitVersion, binaries, vendor, time: packaging.time },
    ...{ images: images.map(heldImage), goroot: facts.toolchain.goroot, sums },
  };
  const work = {
    // vendor/ changes together with its list of modules.
    inputs: [
      ...[...binaries.map(({ file }) => file), ...images.map(({ to: archive }) => archive)],
      ...(vendor === undefined ? [] : [join(vendor, 'modules.txt')]),
    ],
    settings: {
      ...{ format, name, version: gitVersion, binaries: hash('sha256', described), ...timed(packaging) },
      ...{ go: facts.toolchain.version, form: BILL, images: JSON.stringify(step.images) },
    },
  };
  return withAction(step, work);
}

/** The format version. Slipway writes bills of older versions again. */
const BILL = '2';

/** Files in the format of go.sum. */
export const sumFiles = (facts: Planning['facts']): string[] =>
  Object.values(moduleFiles(facts.tree)).filter((file) => file.endsWith('.sum'));

const heldImage = ({ to, names, platform, layers }: ImageStep): SbomStep['images'][number] => ({
  ...{ archive: to, name: names.at(-1)!, platform },
  holds: layers.flat().flatMap((entry) => ('file' in entry ? [basename(entry.file)] : [])),
});

/**
 * One digest of all members is in the key, because there may be thousands. The files themselves are separate inputs.
 */
const worksOn = (entries: readonly ArchiveEntry[], settings: Readonly<Record<string, string>>) => ({
  inputs: [...new Set(entries.flatMap((entry) => ('file' in entry ? [entry.file] : [])))],
  settings: { ...settings, members: hash('sha256', JSON.stringify(entries)) },
});

const timed = ({ time }: Packaging): { readonly time: string } => ({ time: new Date(time * 1000).toISOString() });
