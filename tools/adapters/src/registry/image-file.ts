import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { archOf, osOf, type Platform } from '@slipway/model';
import { membersOf, type Place } from '../tar/members-of.ts';
import { RefusedTar } from '../tar/read-tar.ts';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An image that slipway wrote: an OCI image layout in a tar. */
export interface ImageFile extends AsyncDisposable {
  /** The descriptor for an index. */
  readonly descriptor: Descriptor;
  readonly manifest: Buffer;
  /** The config and the layers. */
  readonly blobs: readonly Descriptor[];
  /** Returns fewer bytes only at the end of the blob. */
  read(digest: string, at: number, count: number): Promise<Buffer>;
}

/** Undefined for a file that is not such an image. */
export async function openImage(path: string, platform: Platform): Promise<ImageFile | undefined> {
  const places = await membersOf(path).catch((error: unknown) => {
    if (error instanceof RefusedTar) return undefined;
    throw error;
  });
  if (places === undefined) return undefined;
  const file = await open(path, 'r');
  const close = async (): Promise<undefined> => void (await file.close());
  const text = async (name: string): Promise<Buffer> => readPlace(file, places.get(name), 0, Infinity);
  const index = parsed<{ manifests?: Descriptor[] }>(await text('index.json'));
  const named = index?.manifests?.[0];
  if (named === undefined) return close();
  const manifest = await text(blobPath(named.digest));
  const { config, layers } = parsed<{ config?: Descriptor; layers?: Descriptor[] }>(manifest) ?? {};
  if (config === undefined || layers === undefined || digestOf(manifest) !== named.digest) return close();
  const blobs = [config, ...layers];
  if (blobs.some(({ digest, size }) => places.get(blobPath(digest))?.size !== size)) return close();
  const { mediaType, digest, size } = named;
  return {
    descriptor: {
      mediaType,
      digest,
      size,
      platform: named.platform ?? { os: osOf(platform), architecture: archOf(platform) },
    },
    manifest,
    blobs,
    read: (blob, at, count) => readPlace(file, places.get(blobPath(blob)), at, count),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

export const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

async function readPlace(file: FileHandle, place: Place | undefined, at: number, count: number): Promise<Buffer> {
  const wanted = Math.max(0, Math.min(count, (place?.size ?? 0) - at));
  const bytes = Buffer.allocUnsafe(wanted);
  let read = 0;
  while (read < wanted) {
    const { bytesRead } = await file.read(bytes, read, wanted - read, place!.at + at + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

function parsed<T>(text: Buffer): T | undefined {
  try {
    return JSON.parse(text.toString()) as T;
  } catch {
    return undefined;
  }
}
