import {
  FailureError,
  type Platform,
  type ShippedEntry,
  type ShippedImage,
  type ShippedTarball,
  type Shipping,
  archOf,
  parsePlatform,
} from '@slipway/model';
import { parseRecords } from './answer.ts';
import { readDockerfile } from './dockerfile.ts';

/** What the scripts said, with links to places of the tree as they are: only reading the tree says what is there. */
export interface ReleaseAnswer extends Omit<Shipping, 'tarballs'> {
  readonly tarballs: readonly (Omit<ShippedTarball, 'entries'> & {
    readonly entries: readonly SaidEntry[] | 'commit';
  })[];
  /** What the scripts would have made, and we do not. */
  readonly leftOut: readonly string[];
}

/** `tree`: a file or directory, relative to the root. */
export type SaidEntry = ShippedEntry | { readonly path: string; readonly tree: string };

const script = 'build/lib/release.sh';
const bad = (fact: string): FailureError => new FailureError({ code: 'BAD_SCRIPT', file: script, fact });

/** Understands what the probe wrote. Throws BAD_SCRIPT. */
export function parseReleaseAnswer(stdout: string, root: string): ReleaseAnswer {
  const records = parseRecords(stdout);
  if (records === undefined || records.at(-1)?.[0] !== 'done') throw bad('the script ended early');
  const of = (kind: string): string[][] => records.filter(([name]) => name === kind).map(([, ...fields]) => fields);
  const [failed] = of('failed');
  if (failed !== undefined) throw bad(`${failed[0]} failed`);
  const outputs = of('outputs')[0]?.[0] ?? '';
  const images = imagesOf(of('build'), of('save'), outputs);
  const placing: Placing = { root, outputs, images };
  const tarballs = [
    ...of('commit').map(([name = '']) => ({ name, entries: 'commit' as const })),
    ...of('tarball').map(([name = '', ...fields]) => ({ name, entries: entriesOf(fields, placing) })),
  ];
  const leftOut = [...new Set(of('left-out').map(([what = '']) => what))];
  return { tarballs: tarballs.sort((a, b) => (a.name < b.name ? -1 : 1)), images, leftOut };
}

interface Placing {
  readonly root: string;
  /** Where the scripts believed their output to be. */
  readonly outputs: string;
  readonly images: readonly ShippedImage[];
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

/** What a copy was of: a binary, another artifact, an image, or something of the tree. */
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

/** Each image is built, then saved under all its names. */
function imagesOf(builds: readonly string[][], saves: readonly string[][], outputs: string): ShippedImage[] {
  return builds.map(([text = '', files = '', ...argv]) => {
    const valuesOf = (flag: string): string[] => argv.flatMap((word, i) => (argv[i - 1] === flag ? [word] : []));
    const [tag = ''] = [...valuesOf('-t'), ...valuesOf('--tag')];
    const binaries = files.split('\n').flatMap((line) => {
      const binary = binaryAt(line.slice(line.indexOf('=') + 1), outputs);
      return binary === undefined ? [] : [{ name: line.slice(0, line.indexOf('=')), ...binary }];
    });
    const platform = parsePlatform(valuesOf('--platform')[0] ?? '') ?? binaries[0]?.platform;
    if (platform === undefined) throw bad(`image ${tag} is for no platform`);
    const built = readDockerfile({
      text,
      args: Object.fromEntries(valuesOf('--build-arg').map((word) => word.split(/=(.*)/s).slice(0, 2))),
      context: Object.fromEntries(binaries.map(({ name, binary }) => [name, binary])),
    });
    if (!built.ok) throw bad(`the Dockerfile of ${tag}: ${built.fact}`);
    const saved = saves.find(([, first]) => first === tag);
    if (saved === undefined) throw bad(`image ${tag} is built and not saved`);
    const { base, config, files: placed } = built;
    return {
      name: saved[0] === '' ? placed[0]!.binary : saved[0]!.replace(/\.tar$/, ''),
      platform,
      names: [...new Set(saved.slice(1))],
      base,
      files: placed,
      config,
    };
  });
}
