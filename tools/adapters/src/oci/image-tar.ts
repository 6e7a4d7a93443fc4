import { createHash } from 'node:crypto';
import { type Member, tarBytes } from '../tar/tar-bytes.ts';
import type { Bytes } from '../tar/port.ts';
import { type BaseImage, readBase } from './base.ts';
import { type Layer, type LayerPlace, writeLayer } from './layer.ts';
import { ociPlatform } from './oci-platform.ts';
import type { ImageToWrite } from './port.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** One tar that is both an OCI image layout (`index.json`, `blobs/`) and a file for `docker load` (`manifest.json`). */
export async function* imageTar(image: ImageToWrite, place: LayerPlace): Bytes {
  const base = image.base === undefined ? undefined : await readBase(image.base, image.platform);
  await using written = new AsyncDisposableStack();
  const own: Layer[] = [];
  for (const entries of image.layers) own.push(written.use(await writeLayer({ ...image, entries }, place)));
  const layers = [...(base?.layers ?? []), ...own];
  const config = textBlob(configOf(image, base, own));
  const manifest = textBlob({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: config.size },
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    ...annotationsOf(image),
  });
  const blobs = new Map<string, Member>();
  for (const { digest, text } of [config, manifest]) blobs.set(digest, { path: blobPath(digest), text, mode: 0o644 });
  for (const { digest, size, bytes } of layers) blobs.set(digest, { path: blobPath(digest), size, bytes });
  const loaded = [
    { Config: blobPath(config.digest), RepoTags: image.names, Layers: layers.map((each) => blobPath(each.digest)) },
  ];
  const entries: Member[] = [
    { path: 'oci-layout', text: JSON.stringify({ imageLayoutVersion: '1.0.0' }), mode: 0o644 },
    { path: 'index.json', text: JSON.stringify(indexOf(manifest, image)), mode: 0o644 },
    { path: 'manifest.json', text: JSON.stringify(loaded), mode: 0o644 },
    ...['blobs', 'blobs/sha256'].map((path) => ({ path, directory: true as const })),
    ...[...blobs.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  ];
  yield* tarBytes({ entries, root: image.root, time: image.time });
}

const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

interface TextBlob {
  readonly text: string;
  readonly digest: string;
  readonly size: number;
}

function textBlob(value: object): TextBlob {
  const text = JSON.stringify(value);
  return { text, digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, size: Buffer.byteLength(text) };
}

const annotationsOf = ({ annotations = {} }: ImageToWrite): object =>
  Object.keys(annotations).length === 0 ? {} : { annotations };

function configOf(image: ImageToWrite, base: BaseImage | undefined, own: readonly Layer[]): object {
  const created = new Date(image.time * 1000).toISOString().replace('.000Z', 'Z');
  const { user, entrypoint, cmd, workingDir, env, labels } = image.config;
  const { Cmd, ...inherited } = base?.config ?? {};
  // A new entrypoint drops the base's arguments, as in a Dockerfile.
  const command = cmd ?? (entrypoint === undefined ? Cmd : undefined);
  const merged = { ...(inherited['Labels'] as object | undefined), ...labels };
  return {
    created,
    ...ociPlatform(image.platform),
    config: {
      ...inherited,
      ...(user === undefined ? {} : { User: user }),
      ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
      ...(command === undefined ? {} : { Cmd: command }),
      ...(workingDir === undefined ? {} : { WorkingDir: workingDir }),
      ...(env === undefined ? {} : { Env: variablesOver(inherited['Env'], env) }),
      ...(Object.keys(merged).length === 0 ? {} : { Labels: merged }),
    },
    rootfs: { type: 'layers', diff_ids: [...(base?.layers ?? []), ...own].map(({ diffId }) => diffId) },
    history: [...(base?.history ?? []), ...own.map(() => ({ created, created_by: 'slipway' }))],
  };
}

/** The base's variables without those that are set again, then the new ones. */
function variablesOver(base: unknown, own: readonly string[]): string[] {
  const nameOf = (variable: string): string => variable.slice(0, variable.indexOf('='));
  const names = new Set(own.map(nameOf));
  return [...(Array.isArray(base) ? (base as string[]) : []).filter((each) => !names.has(nameOf(each))), ...own];
}

/** One entry for each name, because containerd and podman read them in this form. */
function indexOf(manifest: TextBlob, image: ImageToWrite): object {
  const described = {
    mediaType: MANIFEST,
    digest: manifest.digest,
    size: manifest.size,
    platform: ociPlatform(image.platform),
  };
  return {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: image.names.map((name) => ({
      ...described,
      annotations: {
        'io.containerd.image.name': name,
        'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
      },
    })),
    ...annotationsOf(image),
  };
}
