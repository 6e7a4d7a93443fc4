import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FailureError, type Platform, archOf, limits, osOf } from '@slipway/model';
import { openForeign, piecesOf, readForeign } from '../foreign/foreign-file.ts';
import { isRecord, parseStrictJson } from '../manifest/json.ts';
import type { Bytes } from '../tar/port.ts';
import type { Layer } from './layer.ts';

/** The parts of a base image. */
export interface BaseImage {
  readonly config: Readonly<Record<string, unknown>>;
  readonly history: readonly object[];
  readonly layers: readonly Layer[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** Reads the image for a platform from an OCI image layout, and checks every text against its digest. */
export async function readBase(layout: string, platform: Platform): Promise<BaseImage> {
  const bad = (fact: string): FailureError => new FailureError({ code: 'BAD_IMAGE', image: layout, fact });
  const index = await readJson<{ manifests?: Descriptor[] }>(join(layout, 'index.json'), bad);
  const descriptor = await findManifest(index.manifests ?? [], { layout, platform, bad });
  const manifest = await readBlob<{ config: Descriptor; layers: Descriptor[] }>(layout, descriptor, bad);
  const image = await readBlob<{
    config?: Record<string, unknown>;
    history?: object[];
    rootfs: { diff_ids: string[] };
  }>(layout, manifest.config, bad);
  if (image.rootfs.diff_ids.length !== manifest.layers.length) throw bad('its config and manifest list other layers');
  return {
    config: image.config ?? {},
    history: image.history ?? [],
    layers: manifest.layers.map((layer, i) => ({
      mediaType: layer.mediaType.replace(
        /^application\/vnd\.docker\.image\.rootfs\.diff\.tar\.gzip$/,
        'application/vnd.oci.image.layer.v1.tar+gzip',
      ),
      digest: layer.digest,
      diffId: image.rootfs.diff_ids[i]!,
      size: layer.size,
      bytes: () => checkedBytes(blobFile(layout, layer.digest, bad), layer, bad),
    })),
  };
}

interface Finding {
  readonly layout: string;
  readonly platform: Platform;
  bad(fact: string): FailureError;
}

/** Through a nested index, as in registries. */
async function findManifest(among: readonly Descriptor[], finding: Finding): Promise<Descriptor> {
  const { layout, platform, bad } = finding;
  const fits = ({ platform: other }: Descriptor): boolean =>
    other === undefined || (other.os === osOf(platform) && other.architecture === archOf(platform));
  const found = among.find((each) => fits(each));
  if (found === undefined) throw bad(`it has no image for ${platform}`);
  if (!INDEXES.includes(found.mediaType)) return found;
  const { manifests = [] } = await readBlob<{ manifests?: Descriptor[] }>(layout, found, bad);
  return findManifest(manifests, finding);
}

/** A digest becomes a path, so only sha256 in hex is accepted. */
function blobFile(layout: string, digest: string, bad: Finding['bad']): string {
  const match = /^sha256:([0-9a-f]{64})$/.exec(digest);
  if (match === null) throw bad(`${JSON.stringify(digest)} is not a sha256 digest`);
  return join(layout, 'blobs/sha256', match[1]!);
}

async function readBlob<T>(layout: string, { digest, size }: Descriptor, bad: Finding['bad']): Promise<T> {
  if (size > limits.image.text) throw bad(`${digest} claims ${size} bytes, too many for a manifest`);
  const text = await readText(blobFile(layout, digest, bad), (problem) => bad(`${digest}: ${problem}`));
  if (`sha256:${createHash('sha256').update(text).digest('hex')}` !== digest) throw bad(`${digest} has other bytes`);
  return parse<T>(text, bad);
}

async function readJson<T>(path: string, bad: Finding['bad']): Promise<T> {
  return parse<T>(
    await readText(path, (problem) => bad(`its index.json: ${problem}; it is not an OCI image layout`)),
    bad,
  );
}

/** Links are allowed, because tools such as Bazel make layouts of links. */
async function readText(path: string, failure: (problem: string) => FailureError): Promise<Buffer> {
  const read = await readForeign(path, limits.image.text, 'followed');
  if ('problem' in read) throw failure(read.problem);
  return read.bytes;
}

function parse<T>(text: Buffer, bad: Finding['bad']): T {
  const parsed = parseStrictJson(text, limits.image);
  if (typeof parsed === 'string') throw bad(`a manifest in it: ${parsed}`);
  if (!isRecord(parsed.value)) throw bad('a manifest in it is not an object');
  return parsed.value as T;
}

/** A layer with a wrong digest is detected before the image gets its name. */
async function* checkedBytes(path: string, { digest, size }: Descriptor, bad: Finding['bad']): Bytes {
  const hash = createHash('sha256');
  let count = 0;
  const opened = await openForeign(path, 'followed');
  if (typeof opened === 'string') throw bad(`${digest}: ${opened}`);
  await using file = opened;
  try {
    for await (const piece of piecesOf(file)) {
      hash.update(piece);
      count += piece.length;
      if (count > size) throw bad(`${digest} is larger than it says`);
      yield piece;
    }
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw bad(`${digest} cannot be read`);
  }
  if (count !== size || `sha256:${hash.digest('hex')}` !== digest) throw bad(`${digest} has other bytes`);
}
