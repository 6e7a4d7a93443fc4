import {
  FailureError,
  type PlanNote,
  type Platform,
  type ShippedEntry,
  type ShippedImage,
  type ShippedTarball,
  archOf,
  parsePlatform,
} from '@slipway/model';
import { parseRecords } from './answer.ts';
import { type ContextFile, type ImageFile, readDockerfile } from './dockerfile.ts';

/** The scripts' answer. Links to places of the tree are unresolved: reading the tree shows what exists. */
export interface ReleaseAnswer {
  readonly tarballs: readonly (Omit<ShippedTarball, 'entries'> & {
    readonly entries: readonly SaidEntry[] | 'commit';
  })[];
  readonly images: readonly SaidImage[];
  /** Artifacts of the scripts that slipway does not make. */
  readonly leftOut: readonly PlanNote[];
}

type SaidImage = Omit<ShippedImage, 'layers'> & { readonly layers: readonly (readonly SaidEntry[])[] };

/** `tree`: a file or directory, relative to the root. */
export type SaidEntry = ShippedEntry | { readonly path: string; readonly tree: string };

const script = 'build/lib/release.sh';
const bad = (fact: string): FailureError => new FailureError({ code: 'BAD_SCRIPT', file: script, fact });

/** Parses the probe's output. Throws BAD_SCRIPT. */
export function parseReleaseAnswer(stdout: string, root: string): ReleaseAnswer {
  const records = parseRecords(stdout);
  if (records === undefined || records.at(-1)?.[0] !== 'done') throw bad('the script ended early');
  const of = (kind: string): string[][] => records.filter(([name]) => name === kind).map(([, ...fields]) => fields);
  const [failed] = of('failed');
  if (failed !== undefined) throw bad(`${failed[0]} failed`);
  const outputs = of('outputs')[0]?.[0] ?? '';
  const { images, leftOut } = imagesOf(of, { root, outputs });
  const placing: Placing = { root, outputs, images };
  const tarballs = [
    ...of('commit').map(([name = '']) => ({ name, entries: 'commit' as const })),
    ...of('tarball').map(([name = '', ...fields]) => ({ name, entries: entriesOf(fields, placing) })),
  ];
  return { tarballs: tarballs.sort((a, b) => (a.name < b.name ? -1 : 1)), images, leftOut };
}

interface Placing {
  readonly root: string;
  /** The output directory, as the scripts saw it. */
  readonly outputs: string;
  readonly images: readonly SaidImage[];
}

function entriesOf(fields: readonly string[], placing: Placing): SaidEntry[] {
  const entries: SaidEntry[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [kind, path, value] = fields.slice(at, at + 3) as [string, string, string];
    if (kind === 'directory') entries.push({ path, directory: true });
    else if (kind === 'text' && !value.startsWith('image:')) entries.push({ path, text: value, mode: 0o644 });
    else entries.push(linked(path, value, placing));
  }
  return entries;
}

/** The source of a copy: a binary, another artifact, an image, or a path of the tree. */
function linked(path: string, target: string, { root, outputs, images }: Placing): SaidEntry {
  const binary = binaryAt(target, outputs);
  if (binary !== undefined) return { path, ...binary };
  if (target.startsWith('image:')) {
    const image = images.find(({ names }) => names[0] === target.slice('image:'.length));
    if (image === undefined) throw bad(`${path} is an image that was not built`);
    return { path, artifact: `${archOf(image.platform)}/${image.name}.tar` };
  }
  if (target.startsWith(`${outputs}/release-tars/`))
    return { path, artifact: target.slice(target.lastIndexOf('/') + 1) };
  if (target.startsWith(`${root}/`) && !target.startsWith(outputs))
    return { path, tree: target.slice(root.length + 1) };
  throw bad(`${path} is made of ${target}, which is neither a binary nor of the tree`);
}

/** `<outputs>/dockerized/bin/linux/amd64/kubectl` */
function binaryAt(target: string, outputs: string): { binary: string; platform: Platform } | undefined {
  const dir = `${outputs}/dockerized/bin/`;
  if (!target.startsWith(dir)) return undefined;
  const [os, arch, name = ''] = target.slice(dir.length).split('/');
  const platform = parsePlatform(`${os}/${arch}`);
  return platform === undefined ? undefined : { binary: name.replace(/\.exe$/, ''), platform };
}

interface Images {
  readonly images: SaidImage[];
  readonly leftOut: PlanNote[];
}

/**
 * Each image is built, then saved under all its names. An image that a Makefile builds may need more than slipway
 * supports.
 */
function imagesOf(of: (kind: string) => string[][], placing: Omit<Placing, 'images'>): Images {
  const images: SaidImage[] = [];
  const leftOut = of('left-out').map(([what = '', why = '']): PlanNote => ({ what, why: `left out: ${why}` }));
  for (const kind of ['build', 'made'])
    for (const build of of(kind)) {
      const { tag, image } = imageOf(build, of, placing);
      if (typeof image !== 'string') images.push(image);
      else if (kind === 'build') throw bad(`image ${tag}: ${image}`);
      else leftOut.push({ what: `image ${tag}`, why: `left out: ${image}` });
    }
  return { images, leftOut: [...new Map(leftOut.map((note) => [`${note.what} ${note.why}`, note])).values()] };
}

/** The image, or the reason why slipway cannot make it. */
function imageOf(
  [text = '', files = '', ...argv]: readonly string[],
  of: (kind: string) => string[][],
  { root, outputs }: Omit<Placing, 'images'>,
): { readonly tag: string; readonly image: SaidImage | string } {
  const valuesOf = (flag: string): string[] => argv.flatMap((word, i) => (argv[i - 1] === flag ? [word] : []));
  const [tag = ''] = [...valuesOf('-t'), ...valuesOf('--tag')];
  const context = files.split('\n').flatMap((line): (ContextFile & { name: string; platform?: Platform })[] => {
    const [name = '', target = ''] = line.split(/=(.*)/s);
    const binary = binaryAt(target, outputs);
    if (binary !== undefined) return [{ name, ...binary }];
    const directory = target.endsWith('/');
    return target.startsWith(`${root}/`)
      ? [{ name, tree: target.slice(root.length + 1, directory ? -1 : undefined), directory }]
      : [];
  });
  const platform = parsePlatform(valuesOf('--platform')[0] ?? '') ?? context.find((file) => file.platform)?.platform;
  if (platform === undefined) return { tag, image: 'it is for no platform' };
  const built = readDockerfile({
    text,
    args: Object.fromEntries(valuesOf('--build-arg').map((word) => word.split(/=(.*)/s).slice(0, 2))),
    context: Object.fromEntries(context.map(({ name, platform: _platform, ...file }) => [name, file])),
  });
  if (!built.ok) return { tag, image: `the Dockerfile: ${built.fact}` };
  const saved = of('save').find(([, first]) => first === tag);
  if (saved === undefined) return { tag, image: 'it is built and not saved' };
  const { base, config, files: placed } = built;
  const kept = of('kept').find(([, what]) => what === `image:${tag}`)?.[0];
  const archive = saved[0] || kept;
  const [first] = placed.flatMap((file) => ('binary' in file ? [file.binary] : []));
  const name = archive?.replace(/\.tar$/, '') ?? first;
  if (name === undefined) return { tag, image: 'it has no binary, and no name' };
  const layers = placed.map((file) => [layerEntry(file, platform)]);
  return { tag, image: { name, platform, names: [...new Set(saved.slice(1))], base, layers, config } };
}

function layerEntry(file: ImageFile, platform: Platform): SaidEntry {
  const { path } = file;
  if ('tree' in file) return { path, tree: file.tree };
  const { binary, capabilities } = file;
  return { path, binary, platform, ...(capabilities === undefined ? {} : { capabilities }) };
}
