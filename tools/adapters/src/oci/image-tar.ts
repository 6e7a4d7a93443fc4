import { createHash } from 'node:crypto';
import { archOf, osOf } from '@slipway/model';
import { type Member, tarBytes } from '../tar/tar-bytes.ts';
import type { Bytes } from '../tar/port.ts';
import { type BaseImage, readBase } from './base.ts';
import type { ImageToWrite } from './port.ts';

/** A layer, and the digest of its tar (`diff_id`); both are the same for one that is not compressed. */
export interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  bytes(): Bytes;
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * One tar that is an OCI image layout (`index.json`, `blobs/`) and what `docker save` writes (`manifest.json`). Our layers are
 * not compressed: their digests then depend on no compressor, and the archive an image ships in is compressed anyway.
 */
export async function* imageTar(image: ImageToWrite): Bytes {
  const base = image.base === undefined ? undefined : await readBase(image.base, image.platform);
  const own = await Promise.all(image.layers.map((entries) => layerOf(entries, image)));
  const layers = [...(base?.layers ?? []), ...own];
  const config = textBlob(configOf(image, base, own));
  const manifest = textBlob({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: config.size },
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
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

/** Read twice, once for the digest, as the layer stands behind it in the archive; never held. */
async function layerOf(entries: ImageToWrite['layers'][number], { root, time }: ImageToWrite): Promise<Layer> {
  const bytes = (): Bytes => tarBytes({ entries, root, time });
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of bytes()) {
    hash.update(piece);
    size += piece.length;
  }
  const digest = `sha256:${hash.digest('hex')}`;
  return { mediaType: LAYER, digest, diffId: digest, size, bytes };
}

function platformOf({ platform }: ImageToWrite): { architecture: string; os: string; variant?: string } {
  const architecture = archOf(platform);
  return { architecture, os: osOf(platform), ...(architecture === 'arm' ? { variant: 'v7' } : {}) };
}

function configOf(image: ImageToWrite, base: BaseImage | undefined, own: readonly Layer[]): object {
  const created = new Date(image.time * 1000).toISOString().replace('.000Z', 'Z');
  const { user, entrypoint, env, labels } = image.config;
  const { Cmd, ...inherited } = base?.config ?? {};
  const merged = { ...(inherited['Labels'] as object | undefined), ...labels };
  return {
    created,
    ...platformOf(image),
    config: {
      ...inherited,
      ...(user === undefined ? {} : { User: user }),
      // An entrypoint of our own makes the base's arguments meaningless, as in a Dockerfile.
      ...(entrypoint === undefined ? (Cmd === undefined ? {} : { Cmd }) : { Entrypoint: entrypoint }),
      ...(env === undefined ? {} : { Env: env }),
      ...(Object.keys(merged).length === 0 ? {} : { Labels: merged }),
    },
    rootfs: { type: 'layers', diff_ids: [...(base?.layers ?? []), ...own].map(({ diffId }) => diffId) },
    history: [...(base?.history ?? []), ...own.map(() => ({ created, created_by: 'slipway' }))],
  };
}

/** One entry for each name, as containerd and podman read them. */
function indexOf(manifest: TextBlob, image: ImageToWrite): object {
  const described = { mediaType: MANIFEST, digest: manifest.digest, size: manifest.size, platform: platformOf(image) };
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
  };
}
