import { createHash, hash, randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import * as grpc from '@grpc/grpc-js';
import { type Meter, metered } from '@slipway/model';
import { openForeign, piecesOf } from '../foreign/index.ts';
import { ContentAddressableStorage, type Digest, type DigestSchema, type Init } from '../reapi/index.ts';
import type { Connection } from './connection.ts';
import type { LatencyBudget } from './latency-budget.ts';
import { type Blob, RemoteCacheError, type RemoteCache } from './port.ts';

/**
 * The maximum size of a message in gRPC, 4 MiB. It also applies if a server allows larger batches. REST is the margin
 * for the other fields.
 */
const LARGEST_MESSAGE = 4 * 2 ** 20;
const REST = 64 * 2 ** 10;
const MOST_BLOBS = 1000;
const MOST_DIGESTS = 10_000;
const PIECE = 2 ** 20;

/** The maximum total size of a batch, from the limit that the server reports. 0: it reports none. */
export const largestBatch = (said: number): number =>
  (said > 0 ? Math.min(said, LARGEST_MESSAGE) : LARGEST_MESSAGE) - REST;

const { method } = ContentAddressableStorage;

export interface Contents extends Pick<RemoteCache, 'missing' | 'read' | 'write' | 'download' | 'upload' | 'moved'> {
  /** Content of any size, in pieces. Throws at the end for wrong content. */
  stream(blob: Blob): AsyncIterable<Uint8Array>;
}

/** The part of a server that stores contents by digest. */
export function contentsOf(
  connection: Connection,
  budget: Pick<LatencyBudget, 'brought'>,
  most: number = largestBatch(0),
): Contents {
  const { instance } = connection;
  const prefix = instance === '' ? '' : `${instance}/`;
  const moved = { read: 0, written: 0 };
  const counted = (way: keyof typeof moved): Meter => ({ expect() {}, moved: (bytes) => void (moved[way] += bytes) });
  const stream = (blob: Blob): AsyncIterable<Uint8Array> =>
    checked(metered(connection.read(`${prefix}blobs/${blob.digest}/${blob.size}`), counted('read')), blob);
  return {
    moved,
    stream,
    async missing(blobs) {
      const found: Blob[] = [];
      for (let at = 0; at < blobs.length; at += MOST_DIGESTS) {
        const blobDigests = blobs.slice(at, at + MOST_DIGESTS).map(digestOf);
        const answer = await connection.tell(method.findMissingBlobs, { instanceName: instance, blobDigests });
        found.push(...(answer?.missingBlobDigests ?? []).map(readDigest));
      }
      return found;
    },
    async read(blobs) {
      const found = new Map<string, Buffer>();
      for (const batch of batches(blobs, ({ size }) => size, most)) {
        const answer = await connection.ask(method.batchReadBlobs, {
          instanceName: instance,
          digests: batch.map(digestOf),
        });
        for (const { digest, data, status } of answer?.responses ?? []) {
          if ((status?.code ?? 0) !== 0) continue;
          const content = Buffer.from(data);
          const blob = readDigest(digest);
          if (hash('sha256', content) !== blob.digest) throw wrong(blob);
          budget.brought(content.length);
          found.set(blob.digest, content);
        }
      }
      return blobs.map(({ digest }) => found.get(digest));
    },
    async write(pieces) {
      for (const batch of batches(pieces, ({ length }) => length, most)) {
        const requests = batch.map((data) => ({
          digest: { hash: hash('sha256', data), sizeBytes: BigInt(data.length) },
          data,
        }));
        const bytes = batch.reduce((sum, { length }) => sum + length, 0);
        const answer = await connection.tell(method.batchUpdateBlobs, { instanceName: instance, requests }, bytes);
        const refused = answer?.responses?.find(({ status }) => (status?.code ?? 0) !== 0);
        if (refused !== undefined)
          throw new RemoteCacheError(`it keeps nothing: ${refused.status?.message ?? ''}`, true, refused.status?.code);
      }
    },
    async download(blob, to) {
      await using file = await open(to, 'wx');
      for await (const data of stream(blob)) await file.writeFile(data);
    },
    async upload(blob, from) {
      const resource = `${prefix}uploads/${randomUUID()}/blobs/${blob.digest}/${blob.size}`;
      await connection.write(resource, metered(piecesToSend(from, blob), counted('written')), blob.size);
    },
  };
}

export const digestOf = ({ digest, size }: Blob): Init<typeof DigestSchema> => ({
  hash: digest,
  sizeBytes: BigInt(size),
});

export const readDigest = (digest: Digest | undefined): Blob => ({
  digest: digest?.hash ?? '',
  size: Number(digest?.sizeBytes ?? 0),
});

const wrong = ({ digest, size }: Blob): RemoteCacheError =>
  new RemoteCacheError(`it sent other bytes than those of ${digest} (${size})`, true, grpc.status.DATA_LOSS);

function* batches<T>(all: readonly T[], sizeOf: (one: T) => number, most: number): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const one of all) {
    const size = sizeOf(one) + 128;
    if (size > most) throw new RangeError('too large for a batch');
    if (batch.length === MOST_BLOBS || bytes + size > most) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** The pieces of a content. Throws at the end for a wrong digest, and earlier for content that is too long. */
async function* checked(pieces: AsyncIterable<Uint8Array>, blob: Blob): AsyncIterable<Uint8Array> {
  const digest = createHash('sha256');
  let size = 0;
  for await (const data of pieces) {
    size += data.length;
    if (size > blob.size) throw wrong(blob);
    digest.update(data);
    yield data;
  }
  if (size !== blob.size || digest.digest('hex') !== blob.digest) throw wrong(blob);
}

/** Sends the last piece of a file only after the digest was checked, so that no server stores wrong content. */
async function* piecesToSend(path: string | Buffer, blob: Blob): AsyncGenerator<Buffer> {
  if (blob.size === 0) return yield Buffer.alloc(0);
  if (Buffer.isBuffer(path)) {
    for (let at = 0; at < path.length; at += PIECE) yield path.subarray(at, at + PIECE);
    return;
  }
  const other = new RemoteCacheError(`${path} changed after it was made`, false);
  const opened = await openForeign(path, 'followed');
  if (typeof opened === 'string') throw other;
  await using file = opened;
  const digest = createHash('sha256');
  let offset = 0;
  for await (const piece of piecesOf({ ...file, size: blob.size }, PIECE)) {
    digest.update(piece);
    offset += piece.length;
    if (offset === blob.size && digest.digest('hex') !== blob.digest) throw other;
    yield piece;
  }
  if (offset !== blob.size) throw other;
}
