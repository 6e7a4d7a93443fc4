import { createHash } from 'node:crypto';
import type { FakeEntry } from '@slipway/adapters';
import { isDigest } from './layout.ts';
import type { Store, StoredFile, StoreRecord } from './port.ts';

export interface FakeStore extends Store {
  readonly records: Map<string, StoreRecord>;
  /** Contents by digest. Tests may damage them. */
  readonly contents: Map<string, string>;
  /** The calls in order: `find KEY`, `take NAME /to`, `add KEY`, `exclusively KEY KEY`. */
  readonly calls: readonly string[];
}

/** A store in memory, with the files of `fakeOutputFiles().entries`. With `trouble`, adding fails. */
export function fakeStore(entries: Map<string, FakeEntry>, trouble = ''): FakeStore {
  const records = new Map<string, StoreRecord>();
  const contents = new Map<string, string>();
  const calls: string[] = [];
  const busy = new Map<string, Promise<unknown>>();
  return {
    records,
    contents,
    calls,
    async find(key) {
      calls.push(`find ${checked(key)}`);
      const record = records.get(key);
      return record?.files.every(({ digest, size }) => contents.get(digest)?.length === size) ? record : undefined;
    },
    async take({ name, digest }, to) {
      calls.push(`take ${name} ${to}`);
      const text = contents.get(checked(digest));
      if (text === undefined || sha256(text) !== digest) return (contents.delete(digest), false);
      entries.set(to, { text });
      return true;
    },
    async add({ key, parts }, files) {
      calls.push(`add ${checked(key)}`);
      const texts = files.map(({ path }) => textAt(entries, path));
      const stored = files.map(({ name }, i): StoredFile => ({
        name,
        digest: sha256(texts[i] ?? ''),
        size: texts[i]?.length ?? 0,
        mode: 0o755,
      }));
      const missing = files.find((_, i) => texts[i] === undefined);
      const other = files.find(({ digest }, i) => digest !== undefined && digest !== stored[i]?.digest);
      const why =
        trouble ||
        (missing && `${missing.path} does not exist`) ||
        (other && `${other.path} changed after it was built`) ||
        '';
      if (why !== '') return { added: false, why, files: [] };
      stored.forEach(({ digest }, i) => contents.set(digest, texts[i] ?? ''));
      records.set(key, { key, parts, files: stored, writer: 'fake@test', written: 0 });
      return { added: true, why, files: stored };
    },
    async exclusively(keys, work) {
      calls.push(`exclusively ${keys.map(checked).join(' ')}`);
      const before = keys.map((key) => busy.get(key));
      const running = Promise.allSettled(before).then(work);
      for (const key of keys) busy.set(key, running);
      return running;
    },
  };
}

function textAt(entries: ReadonlyMap<string, FakeEntry>, path: string): string | undefined {
  const entry = entries.get(path);
  return entry !== undefined && 'text' in entry ? entry.text : undefined;
}

function checked(digest: string): string {
  if (!isDigest(digest)) throw new TypeError(`${digest} is not a sha256 in hex`);
  return digest;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
