import { type KeyObject, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { RemoteCache } from '@slipway/adapters';
import { type SharedCacheSettings, fingerprint } from '../store/shared-cache-settings.ts';
import { type GoResult, type LocalGoCache, parseResult } from './local-go-cache.ts';
import type { GoCache, GoEntry } from './protocol.ts';

export interface GoSharing {
  readonly local: LocalGoCache;
  readonly remote: RemoteCache;
  readonly settings: Pick<SharedCacheSettings, 'writes' | 'scope' | 'signer' | 'trusted' | 'patience'>;
  /** Builds of one name are expected to need much the same: what the last one needed is fetched together, before it is asked for. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Contents larger than this are streamed by themselves when they are asked for. */
const BATCHED = 2 ** 20;
const BATCH = 3 * 2 ** 20;
const READERS = 4;
const WRITERS = 8;
const MOST_LISTED = 20_000;
const LARGEST_LIST = BATCH;
/** Of the run. */
const SHARE = 0.05;

/** The disk, and behind it a cache on the network: results of actions, contents by digest, and one list of what a build needs. */
export function sharedGoCache(sharing: GoSharing): GoCache {
  return new Shared(sharing);
}

interface Scope {
  readonly name: string;
  readonly signer: KeyObject | undefined;
}

class Shared implements GoCache {
  readonly #sharing: GoSharing;
  readonly #scopes: readonly Scope[];
  readonly #own: Scope;
  readonly #started = performance.now();
  readonly #listed = new Map<string, GoResult>();
  /** Contents that are on their way. */
  readonly #coming = new Map<string, Promise<void>>();
  readonly #used = new Map<string, GoResult>();
  readonly #list: Promise<void>;
  #queue: { actionId: string; result: GoResult; content: Buffer }[] = [];
  #writing: Promise<void> = Promise.resolve();
  /** Milliseconds spent on asking in vain. */
  #wasted = 0;
  #counted = 0;
  #asks = true;
  #writes: boolean;

  constructor(sharing: GoSharing) {
    this.#sharing = sharing;
    const { trusted, signer, scope, writes } = sharing.settings;
    const unsigned: Scope = { name: `unsigned ${scope}`, signer: undefined };
    const signed = trusted.map((key): Scope => ({ name: `signed by ${fingerprint(key)}`, signer: key }));
    // Whoever signs vouches for what it is made of.
    this.#scopes = signer === undefined ? [...signed, unsigned] : signed;
    this.#own = signer === undefined ? unsigned : { name: `signed by ${fingerprint(createPublicKey(signer))}`, signer };
    this.#writes = writes;
    this.#list = this.#fetchList().catch(() => this.#leave());
  }

  async get(actionId: string): Promise<GoEntry | undefined> {
    const { local } = this.#sharing;
    const here = await local.result(actionId);
    const path = here && (await local.content(here));
    if (here !== undefined && path !== undefined) return this.#found(actionId, here, path);
    return this.#inVain(async () => {
      await this.#list;
      const listed = this.#listed.get(actionId);
      await this.#coming.get(listed?.digest ?? '');
      const result = listed ?? (await this.#ask(actionId));
      if (result === undefined) return undefined;
      const fetched = (await local.content(result)) ?? (await this.#fetch(actionId, result));
      return fetched === undefined ? undefined : this.#found(actionId, result, fetched);
    });
  }

  async put(actionId: string, outputId: string, body: Buffer): Promise<GoEntry> {
    const { local, now } = this.#sharing;
    const result: GoResult = { outputId, digest: hash('sha256', body), size: body.length, time: now() };
    const path = await local.keep(actionId, result, body);
    if (this.#writes) {
      this.#queue.push({ actionId, result, content: body });
      if (this.#queue.length === 1) this.#writing = this.#writing.then(() => this.#write());
    }
    return this.#found(actionId, result, path);
  }

  async close(): Promise<void> {
    const { remote, local, now } = this.#sharing;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#patience());
    await Promise.race([late, this.#writing.then(() => this.#writeList()).catch(() => {})]);
    clearTimeout(timer);
    this.#asks = this.#writes = false;
    remote.close();
    await local.trim(now()).catch(() => {});
  }

  #found(actionId: string, result: GoResult, path: string): GoEntry {
    this.#used.set(actionId, result);
    return { outputId: result.outputId, path, size: result.size, time: result.time };
  }

  /** Milliseconds that may be lost so far, by asking in vain or at the end. */
  #patience(): number {
    return Math.max(this.#sharing.settings.patience, (performance.now() - this.#started) * SHARE);
  }

  #leave(): undefined {
    this.#asks = this.#writes = false;
  }

  /** Trouble is a miss. Too much waiting for misses, and nothing more is asked; writing goes on. */
  async #inVain(work: () => Promise<GoEntry | undefined>): Promise<GoEntry | undefined> {
    if (!this.#asks) return undefined;
    const since = Math.max(performance.now(), this.#counted);
    const entry = await work().catch(() => this.#leave());
    const now = performance.now();
    if (entry === undefined) this.#wasted += Math.max(0, now - Math.max(since, this.#counted));
    this.#counted = now;
    if (this.#wasted > this.#patience()) this.#asks = false;
    return entry;
  }

  async #ask(actionId: string): Promise<GoResult | undefined> {
    if (!this.#asks) return undefined;
    const found = await Promise.all(
      this.#scopes.map(async ({ name, signer }) => {
        const answer = await this.#sharing.remote.result(actionOf(name, actionId));
        return answer && readNote(answer.note, actionId, signer);
      }),
    );
    return found.find((result) => result !== undefined);
  }

  async #fetch(actionId: string, result: GoResult): Promise<string | undefined> {
    const { remote, local } = this.#sharing;
    if (result.size > BATCHED) return local.receive(actionId, result, (to) => remote.download(result, to));
    const [content] = await remote.read([result]);
    return content === undefined ? undefined : local.keep(actionId, result, content);
  }

  /** What the last build of that name needed, in the order in which it did. */
  async #fetchList(): Promise<void> {
    const { remote, local, name } = this.#sharing;
    for (const { name: scope, signer } of this.#scopes) {
      const answer = await remote.result(actionOf(scope, `list ${name}`));
      const blob = answer?.files[0];
      if (answer === undefined || blob === undefined || blob.size > LARGEST_LIST) continue;
      const [text] = await remote.read([blob]);
      if (text === undefined || (signer !== undefined && !isSigned(text, signer, answer.note))) continue;
      for (const line of text.toString().split('\n')) {
        const [actionId = '', ...rest] = line.split(' ');
        const result = parseResult(rest.join(' '));
        if (result !== undefined && !this.#listed.has(actionId)) this.#listed.set(actionId, result);
      }
    }
    const wanted = [...this.#listed].filter(([, { size }]) => size <= BATCHED);
    const batches: [string, GoResult][][] = [[]];
    let bytes = 0;
    for (const [actionId, result] of wanted) {
      if ((await local.content(result)) !== undefined) continue;
      if (bytes + result.size > BATCH) {
        batches.push([]);
        bytes = 0;
      }
      batches.at(-1)!.push([actionId, result]);
      bytes += result.size;
    }
    const readers: Promise<void>[] = Array.from({ length: READERS }, () => Promise.resolve());
    for (const [i, batch] of batches.entries()) {
      const reading = readers[i % READERS]!.then(() => this.#fetchBatch(batch)).catch(() => this.#leave());
      readers[i % READERS] = reading;
      for (const [, { digest }] of batch) this.#coming.set(digest, reading);
    }
  }

  async #fetchBatch(batch: readonly (readonly [string, GoResult])[]): Promise<void> {
    const { remote, local } = this.#sharing;
    if (!this.#asks || batch.length === 0) return;
    const contents = await remote.read(batch.map(([, result]) => result));
    await Promise.all(
      batch.map(async ([actionId, result], i) => {
        const content = contents[i];
        if (content !== undefined) await local.keep(actionId, result, content);
      }),
    );
  }

  /** What gathered meanwhile, together. */
  async #write(): Promise<void> {
    const { remote } = this.#sharing;
    const batch = this.#queue;
    this.#queue = [];
    if (!this.#writes) return;
    try {
      const blobs = new Map(batch.map(({ result, content }) => [result.digest, { result, content }]));
      const missing = await remote.missing([...blobs.values()].map(({ result }) => result));
      const contents = missing.flatMap(({ digest }) => blobs.get(digest)?.content ?? []);
      await remote.write(contents.filter(({ length }) => length <= BATCHED));
      for (const content of contents.filter(({ length }) => length > BATCHED)) {
        const digest = hash('sha256', content);
        const path = await this.#sharing.local.content({ digest, size: content.length });
        if (path !== undefined) await remote.upload({ digest, size: content.length }, path);
      }
      const next = batch.values();
      const put = async (): Promise<void> => {
        for (const { actionId, result } of next) {
          const note = Buffer.from(JSON.stringify({ ...result, actionId }));
          await this.#putResult(actionId, note, [{ ...result, path: 'content', executable: false }]);
        }
      };
      await Promise.all(Array.from({ length: WRITERS }, put));
    } catch {
      this.#writes = false;
    }
  }

  async #putResult(id: string, note: Buffer, files: Parameters<RemoteCache['putResult']>[1]['files']): Promise<void> {
    const { signer } = this.#sharing.settings;
    const signature = signer === undefined ? Buffer.alloc(0) : sign(null, note, signer);
    await this.#sharing.remote.putResult(actionOf(this.#own.name, id), {
      files,
      note: Buffer.concat([signature, note]),
    });
  }

  async #writeList(): Promise<void> {
    const { remote, name, settings } = this.#sharing;
    if (!this.#writes) return;
    const all = new Map([...this.#used, ...[...this.#listed].filter(([actionId]) => !this.#used.has(actionId))]);
    if ([...this.#used.keys()].every((actionId) => this.#listed.has(actionId))) return;
    const lines = [...all].slice(0, MOST_LISTED).map(([actionId, result]) => `${actionId} ${JSON.stringify(result)}`);
    const text = Buffer.from(lines.join('\n'));
    if (text.length > LARGEST_LIST) return;
    await remote.write([text]);
    const note = settings.signer === undefined ? Buffer.alloc(0) : sign(null, text, settings.signer);
    const file = { path: 'list', digest: hash('sha256', text), size: text.length, executable: false };
    await remote.putResult(actionOf(this.#own.name, `list ${name}`), { files: [file], note });
  }
}

const actionOf = (scope: string, id: string): string => hash('sha256', `slipway go 1\n${scope}\n${id}`);

const SIGNATURE = 64;

/** A note names its action, so that a signed one serves no other. */
function readNote(note: Buffer, actionId: string, signer: KeyObject | undefined): GoResult | undefined {
  const text = signer === undefined ? note : note.subarray(SIGNATURE);
  if (signer !== undefined && !isSigned(text, signer, note.subarray(0, SIGNATURE))) return undefined;
  const result = parseResult(text.toString());
  return result !== undefined && (JSON.parse(text.toString()) as { actionId?: unknown }).actionId === actionId
    ? result
    : undefined;
}

function isSigned(text: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(null, text, key, signature);
  } catch {
    return false;
  }
}
