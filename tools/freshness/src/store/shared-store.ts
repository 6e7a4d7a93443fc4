import { hash } from 'node:crypto';
import { type CachedFile, type RemoteCache, errorCode } from '@slipway/adapters';
import { type CacheMoved, type CacheTraffic, limits, masked } from '@slipway/model';
import { formatRecord, parseRecord } from './record.ts';
import type { ReceivingStore, Store, StoreRecord, StoredFile } from './port.ts';
import { type Scope, believes, isExecuted, isSigned, scopeToWrite, scopesToRead, signatureOf } from './scopes.ts';
import type { SharedCacheSettings } from './shared-cache-settings.ts';

export interface SharedStore extends Store {
  /** Maximum milliseconds lost by waiting for the server. */
  readonly latencyBudget: number;
  moved(): Omit<CacheMoved, 'isEnd'>;
  /** Waits this long for pending writes, then gives up the rest. Call it once. */
  finish(milliseconds: number): Promise<CacheTraffic>;
}

export interface Sharing {
  readonly local: ReceivingStore;
  readonly remote: RemoteCache;
  readonly settings: Pick<SharedCacheSettings, 'url' | 'writes' | 'latencyBudget' | 'scope' | 'signer' | 'trusted'>;
  /** Use only records signed by a trusted key, from the local store, too: for releases, and for writers that sign. */
  readonly trustedOnly: boolean;
  readonly cluster?: string | undefined;
}

/** Parallel writes. Go needs the processors more. */
const WRITERS = 2;
const RECORD = '.slipway-record';

/**
 * The local store, with a cache on the network behind it. Errors of the network count as misses; `finish` reports them
 * once.
 */
export function sharedStore(sharing: Sharing): SharedStore {
  return new Shared(sharing);
}

class Shared implements SharedStore {
  readonly #sharing: Sharing;
  readonly #absent = new Set<string>();
  readonly #writing = new Set<Promise<void>>();
  #writers: Promise<unknown>[] = Array.from({ length: WRITERS }, () => Promise.resolve());
  #hits = 0;
  #misses = 0;
  #bytesRead = 0;
  #written = 0;
  #bytesWritten = 0;
  #trouble: string | undefined;

  constructor(sharing: Sharing) {
    this.#sharing = sharing;
  }

  get latencyBudget(): number {
    return this.#sharing.settings.latencyBudget;
  }

  async find(key: string, purpose?: 'to explain'): Promise<StoreRecord | undefined> {
    const { local } = this.#sharing;
    const here = await local.find(key);
    const { trustedOnly, settings } = this.#sharing;
    if (here !== undefined && believes({ trustedOnly, cluster: this.#sharing.cluster, ...settings }, here.scope))
      return here;
    if (this.#absent.has(key)) return undefined;
    const found = await this.#ask(() => this.#receive(key), purpose);
    if (found === undefined) this.#absent.add(key);
    return found;
  }

  take(file: StoredFile, to: string): Promise<boolean> {
    return this.#sharing.local.take(file, to);
  }

  async add(...[record, files]: Parameters<Store['add']>): ReturnType<Store['add']> {
    const { local, settings } = this.#sharing;
    const addition = await local.add(record, files);
    // A signature names the maker.
    const isOwn = settings.signer === undefined || !isExecuted(record.scope);
    if (settings.writes && isOwn && addition.added && this.#trouble === undefined) {
      const paths = new Map(files.map(({ name, path }) => [name, path]));
      const work = async (): Promise<void> => {
        const found = await local.find(record.key);
        if (found !== undefined && found.scope === record.scope) await this.#write(found, paths);
      };
      this.#later(work);
    }
    return addition;
  }

  exclusively<T>(...[keys, work, exclusion]: Parameters<Store['exclusively']>): Promise<T> {
    return this.#sharing.local.exclusively(keys, work, exclusion) as Promise<T>;
  }

  moved(): Omit<CacheMoved, 'isEnd'> {
    const { read, written } = this.#sharing.remote.moved;
    const url = masked(this.#sharing.settings.url);
    return { url, bytesRead: read, bytesWritten: written, unfinished: this.#writing.size };
  }

  async finish(milliseconds: number): Promise<CacheTraffic> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    const started = performance.now();
    await Promise.race([Promise.allSettled(this.#writing), late]);
    clearTimeout(timer);
    const waited = this.#sharing.remote.lost + performance.now() - started;
    const unfinished = this.#writing.size;
    const trouble = this.#trouble;
    this.#trouble ??= 'the run ended';
    this.#sharing.remote.close();
    await Promise.allSettled(this.#writing);
    return {
      url: masked(this.#sharing.settings.url),
      hits: this.#hits,
      misses: this.#misses,
      bytesRead: this.#bytesRead,
      written: this.#written,
      bytesWritten: this.#bytesWritten,
      unfinished,
      waited: Math.round(waited),
      trouble,
    };
  }

  async #ask(
    work: () => Promise<StoreRecord | undefined>,
    purpose: 'to explain' | undefined,
  ): Promise<StoreRecord | undefined> {
    if (this.#trouble !== undefined) return undefined;
    const found = await work().catch((error: unknown) => this.#leave(error));
    if (purpose === undefined) this.#count(found);
    return found;
  }

  #count(found: StoreRecord | undefined): void {
    if (found === undefined) this.#misses += 1;
    else this.#hits += 1;
  }

  #leave(error: unknown): undefined {
    if (error instanceof Error && (error.name === 'RemoteCacheError' || isOfDisk(error)))
      this.#trouble ??= error.message;
    else throw error;
  }

  async #receive(key: string): Promise<StoreRecord | undefined> {
    const { settings, trustedOnly, local, remote } = this.#sharing;
    const found = await Promise.all(scopesToRead(settings, trustedOnly).map((scope) => this.#read(key, scope)));
    const record = found.find((each) => each !== undefined);
    if (record === undefined) return undefined;
    const received = await local.receive(record, async (file, to) => {
      await remote.download(file, to);
      this.#bytesRead += file.size;
    });
    return received ? record : undefined;
  }

  async #read(key: string, scope: Scope): Promise<StoreRecord | undefined> {
    const { remote } = this.#sharing;
    const result = await remote.result(actionOf(scope.name, key));
    const blob = result?.files.find(({ path }) => path === RECORD);
    if (result === undefined || blob === undefined || blob.size > limits.cache.record) return undefined;
    const [text] = await remote.read([blob]);
    if (text === undefined) return undefined;
    this.#bytesRead += text.length;
    if (!isSigned(text, scope, result.note)) return undefined;
    const record = parseRecord(text.toString(), key);
    return record === undefined ? undefined : { ...record, scope: scope.name };
  }

  #later(work: () => Promise<void>): void {
    const [first, ...others] = this.#writers;
    const writing = first!.then(async () => {
      if (this.#trouble !== undefined) return;
      try {
        await work();
      } catch (error) {
        this.#leave(error);
      }
    });
    this.#writers = [...others, writing];
    this.#writing.add(writing);
    void writing.finally(() => this.#writing.delete(writing)).catch(() => {});
  }

  /** Writes contents first. Some servers refuse a record whose files are missing, and it is useless on the others. */
  async #write(record: StoreRecord, paths: ReadonlyMap<string, string>): Promise<void> {
    const { remote, settings } = this.#sharing;
    const text = Buffer.from(formatRecord(record));
    if (text.length > limits.cache.record) return;
    for (const file of await remote.missing(record.files)) {
      const name = record.files.find(({ digest }) => digest === file.digest)?.name;
      const path = name === undefined ? undefined : paths.get(name);
      if (path === undefined) continue;
      await remote.upload(file, path);
      this.#bytesWritten += file.size;
    }
    await remote.write([text]);
    const files: CachedFile[] = [
      { path: RECORD, digest: hash('sha256', text), size: text.length, executable: false },
      ...record.files.map(({ name, digest, size, mode }) => ({
        path: name,
        digest,
        size,
        executable: (mode & 0o111) !== 0,
      })),
    ];
    const note = signatureOf(text, settings.signer);
    await remote.putResult(actionOf(scopeToWrite(settings), record.key), { files, note });
    this.#bytesWritten += text.length;
    // A record without files only helps explanations, and a package graph only decides. Neither is a result.
    if (record.files.length > 0 && record.parts['kind'] !== 'package graph') this.#written += 1;
  }
}

/** Node's own errors have codes, too. */
const isOfDisk = (error: Error): boolean => errorCode(error)?.startsWith('ERR_') === false;

const actionOf = (scope: string, key: string): string => hash('sha256', `slipway record 1\n${scope}\n${key}`);
