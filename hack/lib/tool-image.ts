import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blockCompressors, packagesRoot, realCommandRunner, realImageWriter, realOutputFiles } from '@slipway/adapters';
import type { ArchiveEntry, Platform } from '@slipway/model';
import { repositoryRoot } from './check.ts';

export interface ToolOfPlatform {
  /** `amd64` */
  readonly arch: string;
  /** The published executable: a `.tar.gz`. */
  readonly executable: string;
}

interface Making {
  readonly version: string;
  readonly directory: string;
  /** Empty; is removed. */
  readonly work: string;
}

const MEDIA_TYPE = 'application/vnd.oci.image.index.v1+json';
/** Seconds since the epoch of every file, for equal bytes. */
const TIME = 0;
const reproducible = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${TIME}`, '--mode=go+r-w'];

/**
 * Makes the image for a CI: packages of Debian and the executable, one image for each platform and an index above them,
 * in one OCI layout. No engine and no registry is involved. Returns the name of the file. Throws TOOL_MISSING without
 * apt, and IMAGE_FAILED with apt's message.
 */
export async function makeToolImage(tools: readonly ToolOfPlatform[], making: Making): Promise<string> {
  const { version, directory, work } = making;
  const layout = join(work, 'layout');
  mkdirSync(layout, { recursive: true });
  const images: OneImage[] = [];
  for (const tool of tools) images.push(await makeOne(tool, making, layout));
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE, manifests: images.map(({ descriptor }) => descriptor) };
  const { digest, size } = writeBlob(layout, JSON.stringify(index));
  const annotations = {
    'io.containerd.image.name': `slipway:${version}`,
    'org.opencontainers.image.ref.name': version,
  };
  const top = { ...index, manifests: [{ mediaType: MEDIA_TYPE, digest, size, annotations }] };
  writeFileSync(join(layout, 'index.json'), JSON.stringify(top));
  writeFileSync(join(layout, 'manifest.json'), JSON.stringify(images.flatMap(({ loaded }) => loaded)));
  const file = `slipway-${version}-image.tar`;
  execFileSync('tar', [...reproducible, '-C', layout, '-cf', join(directory, file), ...readdirSync(layout).sort()]);
  rmSync(work, { recursive: true });
  return file;
}

interface OneImage {
  /** Of its manifest. */
  readonly descriptor: object;
  /** What `docker load` reads of it. */
  readonly loaded: readonly object[];
}

async function makeOne(
  { arch, executable }: ToolOfPlatform,
  { version, work }: Making,
  layout: string,
): Promise<OneImage> {
  const place = join(work, arch);
  const tool = join(place, 'tool');
  mkdirSync(tool, { recursive: true });
  execFileSync('tar', ['-xzf', executable, '--strip-components=1', '-C', tool]);
  const root = await packagesRoot(
    {
      reference: `slipway:${version}`,
      packages: packageNames(),
      architecture: arch,
      env: process.env as Record<string, string>,
      cache: undefined,
      signal: new AbortController().signal,
    },
    place,
    realCommandRunner(),
  );
  await using compressors = blockCompressors();
  const archive = join(place, 'image.tar');
  await realImageWriter(realOutputFiles(), compressors).write(archive, {
    platform: `linux/${arch}` as Platform,
    names: [`slipway:${version}-${arch}`],
    base: undefined,
    layers: [
      entriesIn(root),
      [
        ...['opt', 'opt/slipway'].map((path) => ({ path, directory: true as const })),
        ...entriesIn(tool, 'opt/slipway/'),
        { path: 'usr/local/bin/slipway', link: '/opt/slipway/slipway' },
      ],
    ],
    config: { cmd: ['/bin/bash'], workingDir: '/', env: [`PATH=${PATH}`, 'HOME=/root'], labels: labelsOf(version) },
    root,
    time: TIME,
  });
  execFileSync('tar', ['-xf', archive, '-C', layout]);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(layout, name), 'utf8'));
  const [written] = (read('index.json') as { manifests: [Record<string, unknown>] }).manifests;
  const { annotations: _names, ...descriptor } = written;
  rmSync(place, { recursive: true });
  return { descriptor, loaded: read('manifest.json') as object[] };
}

/** Users mount Go at `/usr/local/go`. */
const PATH = '/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const labelsOf = (version: string): Readonly<Record<string, string>> => ({
  'org.opencontainers.image.title': 'slipway',
  'org.opencontainers.image.version': version,
  'org.opencontainers.image.licenses': 'Apache-2.0',
});

const packageNames = (): string[] =>
  readFileSync(join(repositoryRoot, 'build/ci-image/packages.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/**
 * Everything below a directory, sorted, as members of an archive below `prefix`. A link to a directory stays a link,
 * without the files behind it.
 */
function entriesIn(directory: string, prefix = ''): ArchiveEntry[] {
  const names = readdirSync(directory).sort();
  return names.flatMap((name): ArchiveEntry[] => {
    const [file, path] = [join(directory, name), prefix + name];
    const stats = lstatSync(file);
    if (stats.isSymbolicLink()) return [{ path, link: readlinkSync(file) }];
    const mode = stats.mode & 0o7777;
    return stats.isDirectory()
      ? [{ path, directory: true, mode }, ...entriesIn(file, `${path}/`)]
      : [{ path, file, mode }];
  });
}

function writeBlob(layout: string, text: string): { readonly digest: string; readonly size: number } {
  const hex = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(layout, 'blobs/sha256', hex), text);
  return { digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
}
