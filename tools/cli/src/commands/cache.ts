import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writePrivateKey } from '@slipway/adapters';
import { type StoreUpkeep, type Store, defaultStoreOptions, openStore } from '@slipway/freshness';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/**
 * The store that all trees of this user share. `cache` shows it, `cache verify` re-hashes it, `cache prune` makes it
 * smaller, `cache show KEY` prints a record.
 */
export async function cache({ args, services }: Asking): Promise<Answer> {
  if (args[0] === 'key') return writerKey(services.cwd, args[1]);
  const options = await defaultStoreOptions(services.environment);
  if (options === undefined)
    throw new FailureError({
      code: 'UNSUPPORTED_TREE',
      fact: 'there is no store without a home directory',
      hint: 'set HOME or XDG_CACHE_HOME',
    });
  const [action = 'stats', key] = args;
  const act = actions[action];
  if (act === undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `cache cannot ${action}`,
      hint: `slipway cache ${[...Object.keys(actions), 'key'].join(', ')}`,
    });
  return act(openStore(options), { ...options, key });
}

/** The key of a trusted writer of a shared cache. Creates a missing key, and prints its public half. */
function writerKey(cwd: string, file: string | undefined): Answer {
  if (file === undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'cache key needs the file of a private key',
      hint: 'slipway cache key writer.pem makes one, for SLIPWAY_REMOTE_CACHE_KEY, and prints the public half',
    });
  const path = resolve(cwd, file);
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writePrivateKey(path, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  }
  try {
    const key = createPublicKey(readFileSync(path)).export({ type: 'spki', format: 'der' }).toString('base64');
    return answer([key], { key });
  } catch {
    throw new FailureError({ code: 'BAD_VALUE', variable: 'cache key', value: file, expected: 'a private key in PEM' });
  }
}

interface Options {
  readonly directory: string;
  readonly maxBytes: number;
  readonly key: string | undefined;
}

const actions: Readonly<Record<string, (store: Store & StoreUpkeep, options: Options) => Promise<Answer>>> = {
  async stats(store, { directory, maxBytes }) {
    const stats = await store.stats();
    return answer(
      [
        `${directory}: at most ${gibibytes(maxBytes)}`,
        `  records              ${stats.records}`,
        `  files                ${stats.files}`,
        `  on disk              ${gibibytes(stats.bytes)}`,
        `  without sharing      ${gibibytes(stats.recordedBytes)}`,
      ],
      stats,
    );
  },
  async verify(store) {
    const found = await store.verify();
    return answer(
      Object.entries(found).map(([name, value]) => `${name}: ${Array.isArray(value) ? value.length : value}`),
      found,
    );
  },
  async prune(store, { maxBytes }) {
    const pruned = await store.prune({ maxBytes });
    return answer(
      Object.entries(pruned).map(([name, value]) => `${name}: ${value}`),
      pruned,
    );
  },
  async show(store, { key }) {
    const record = key === undefined || !/^[0-9a-f]{64}$/.test(key) ? undefined : await store.find(key);
    if (record === undefined)
      throw new FailureError({
        code: 'BAD_USAGE',
        fact: key === undefined ? 'cache show needs the key of a record' : `there is no record ${key}`,
        hint: 'slipway cache list names all keys',
      });
    return answer(
      [
        `${record.key} by ${record.writer}`,
        ...record.files.map((file) => `  ${file.name} ${file.digest}`),
        ...Object.entries(record.parts).map(([name, value]) => `  ${name}: ${value.replaceAll('\n', ' ')}`),
      ],
      record,
    );
  },
  async list(store) {
    const records = [];
    for await (const each of store.list()) if (each.record.files.length > 0) records.push(each);
    return answer(
      records.map(
        ({ record, size }) =>
          `${record.key}  ${gibibytes(size).padStart(10)}  ${record.parts['name'] ?? ''} ${record.parts['platform'] ?? ''}`,
      ),
      records,
    );
  },
};

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
