import { createHash, hash, randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import {
  ActionCache,
  ContentAddressableStorage,
  type Digest,
  type DigestSchema,
  type Init,
  type OutputFile,
} from '../reapi/index.ts';
import { openLatencyBudget } from './latency-budget.ts';
import { type Connection, connect } from './connection.ts';
import { type Blob, type CachedFile, RemoteCacheError, type RemoteCache, type RemoteCacheOptions } from './port.ts';

/** gRPC's own limit of a message, 4 MiB, holds whatever a server says of larger batches; a little is left for the rest of it. */
const LARGEST_BATCH = 4 * 2 ** 20 - 64 * 2 ** 10;
const MOST_BLOBS = 1000;
const MOST_DIGESTS = 10_000;
const PIECE = 2 ** 20;

const results = ActionCache.method;
const contents = ContentAddressableStorage.method;

/** Nothing is connected before the first call. */
export function realRemoteCache(options: RemoteCacheOptions): RemoteCache {
  const budget = openLatencyBudget(options);
  const connection = connect(options, budget);
  const { instance } = connection;
  const prefix = instance === '' ? '' : `${instance}/`;
  return {
    async result(action) {
      const found = await connection.ask(results.getActionResult, {
        instanceName: instance,
        actionDigest: { hash: action, sizeBytes: ACTION_SIZE },
        inlineStdout: true,
      });
      // Whoever runs actions keeps failed ones, too.
      if (found === undefined || found.exitCode !== 0) return undefined;
      return { files: found.outputFiles.map(readFile), note: Buffer.from(found.stdoutRaw) };
    },
    async putResult(action, { files, note }) {
      const outputFiles = files.map(({ path, executable, ...blob }) => ({
        path,
        digest: digestOf(blob),
        isExecutable: executable,
      }));
      const actionResult = { outputFiles, stdoutRaw: note };
      await connection.tell(results.updateActionResult, {
        instanceName: instance,
        actionDigest: { hash: action, sizeBytes: ACTION_SIZE },
        actionResult,
      });
    },
    async missing(blobs) {
      const found: Blob[] = [];
      for (let at = 0; at < blobs.length; at += MOST_DIGESTS) {
        const blobDigests = blobs.slice(at, at + MOST_DIGESTS).map(digestOf);
        const answer = await connection.tell(contents.findMissingBlobs, { instanceName: instance, blobDigests });
        found.push(...(answer?.missingBlobDigests ?? []).map(readDigest));
      }
      return found;
    },
    async read(blobs) {
      const found = new Map<string, Buffer>();
      for (const batch of batches(blobs, ({ size }) => size)) {
        const answer = await connection.ask(contents.batchReadBlobs, {
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
      for (const batch of batches(pieces, ({ length }) => length)) {
        const requests = batch.map((data) => ({
          digest: { hash: hash('sha256', data), sizeBytes: BigInt(data.length) },
          data,
        }));
        const bytes = batch.reduce((sum, { length }) => sum + length, 0);
        const answer = await connection.tell(contents.batchUpdateBlobs, { instanceName: instance, requests }, bytes);
        const refused = answer?.responses?.find(({ status }) => (status?.code ?? 0) !== 0);
        if (refused !== undefined)
          throw new RemoteCacheError(`it keeps nothing: ${refused.status?.message ?? ''}`, true);
      }
    },
    download: (blob, to) => download(connection, blob, { resource: `${prefix}blobs/${blob.digest}/${blob.size}`, to }),
    async upload(blob, from) {
      const resource = `${prefix}uploads/${randomUUID()}/blobs/${blob.digest}/${blob.size}`;
      await connection.write(resource, piecesOf(from, blob), blob.size);
    },
    get lost() {
      return budget.lost;
    },
    close: () => connection.close(),
  };
}

/** Part of an action's name, as its digest is. Nobody asks for its text, of which there is none: any size that stays will do. */
const ACTION_SIZE = 64n;

const digestOf = ({ digest, size }: Blob): Init<typeof DigestSchema> => ({ hash: digest, sizeBytes: BigInt(size) });

const readDigest = (digest: Digest | undefined): Blob => ({
  digest: digest?.hash ?? '',
  size: Number(digest?.sizeBytes ?? 0),
});

const readFile = ({ path, digest, isExecutable }: OutputFile): CachedFile => ({
  path,
  executable: isExecutable,
  ...readDigest(digest),
});

const wrong = ({ digest, size }: Blob): RemoteCacheError =>
  new RemoteCacheError(`it sent other bytes than those of ${digest} (${size})`, true);

function* batches<T>(all: readonly T[], sizeOf: (one: T) => number): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const one of all) {
    const size = sizeOf(one) + 128;
    if (size > LARGEST_BATCH) throw new RangeError('too large for a batch');
    if (batch.length === MOST_BLOBS || bytes + size > LARGEST_BATCH) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function download(
  connection: Connection,
  blob: Blob,
  { resource, to }: { readonly resource: string; readonly to: string },
): Promise<void> {
  const digest = createHash('sha256');
  let size = 0;
  await using file = await open(to, 'wx');
  for await (const data of connection.read(resource)) {
    size += data.length;
    if (size > blob.size) throw wrong(blob);
    digest.update(data);
    await file.writeFile(data);
  }
  if (size !== blob.size || digest.digest('hex') !== blob.digest) throw wrong(blob);
}

/** The last piece is held back until all are known to be right, so that no server keeps what is wrong. */
async function* piecesOf(path: string, blob: Blob): AsyncGenerator<Buffer> {
  if (blob.size === 0) return yield Buffer.alloc(0);
  const digest = createHash('sha256');
  await using file = await open(path);
  for (let offset = 0; offset < blob.size;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(PIECE, blob.size - offset)), 0);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    digest.update(piece);
    offset += bytesRead;
    if (offset === blob.size && digest.digest('hex') !== blob.digest) break;
    yield piece;
    if (offset === blob.size) return;
  }
  throw new RemoteCacheError(`${path} is not what it was when it was made`, false);
}
