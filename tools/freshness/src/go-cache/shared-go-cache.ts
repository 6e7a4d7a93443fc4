import { hash } from 'node:crypto';
import type { RemoteCache } from '@slipway/adapters';
import { type GoRecords, type GoScopes, goRecords } from './go-records.ts';
import type { GoResult, LocalGoCache } from './local-go-cache.ts';
import { BATCHED, prefetch } from './prefetch.ts';
import type { GoCache, GoEntry } from './protocol.ts';
import { type WriteBehind, writeBehind } from './write-behind.ts';

export interface GoSharing {
  readonly local: LocalGoCache;
  readonly remote: RemoteCache;
  readonly settings: GoScopes & {
    readonly writes: boolean;
    /** Milliseconds that the end may take; after a long run, a twentieth of the run. */
    readonly latencyBudget: number;
  };
  /**
   * Builds with the same name probably need the same files. The files that the last one needed are fetched ahead of the requests.
   */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The share of the run. */
const SHARE = 0.05;

/** The disk cache, with a cache on the network behind it. Errors of the network count as misses. */
export function sharedGoCache(sharing: GoSharing): GoCache {
  return new Shared(sharing);
}

class Shared implements GoCache {
  readonly #sharing: GoSharing;
  readonly #records: GoRecords;
  readonly #writer: WriteBehind;
  readonly #started = performance.now();
  readonly #used = new Map<string, GoResult>();
  /** Fetches the files of the last build ahead of the requests. */
  readonly #ahead: Promise<void>;
  #listed: ReadonlyMap<string, GoResult> = new Map();
  #coming: ReadonlyMap<string, Promise<void>> = new Map();
  #asks = true;

  constructor(sharing: GoSharing) {
    this.#sharing = sharing;
    const { local, remote, settings } = sharing;
    this.#records = goRecords(remote, settings);
    this.#writer = writeBehind({ local, remote, records: this.#records });
    if (!settings.writes) this.#writer.stop();
    this.#ahead = this.#lookAhead().catch(() => this.#leave());
  }

  async get(actionId: string): Promise<GoEntry | undefined> {
    const { local } = this.#sharing;
    const here = await local.result(actionId);
    const path = here && (await local.content(here));
    if (here !== undefined && path !== undefined) return this.#found(actionId, here, path);
    return this.#ask(actionId).catch(() => this.#leave());
  }

  async put(actionId: string, outputId: string, body: Buffer): Promise<GoEntry> {
    const { local, now } = this.#sharing;
    const result: GoResult = { outputId, digest: hash('sha256', body), size: body.length, time: now() };
    const path = await local.keep(actionId, result, body);
    this.#writer.add(actionId, result, body);
    return this.#found(actionId, result, path);
  }

  async close(): Promise<void> {
    const { remote, local, now, settings } = this.#sharing;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.max(settings.latencyBudget, (performance.now() - this.#started) * SHARE));
    await Promise.race([late, this.#writer.done().then(() => this.#writeList())]).catch(() => {});
    clearTimeout(timer);
    this.#leave();
    this.#writer.stop();
    remote.close();
    await local.trim(now()).catch(() => {});
  }

  #found(actionId: string, result: GoResult, path: string): GoEntry {
    this.#used.set(actionId, result);
    return { outputId: result.outputId, path, size: result.size, time: result.time };
  }

  /**
   * Sends no more requests, but still writes results, because a server that is slow to answer may keep them for others.
   */
  #leave(): undefined {
    this.#asks = false;
  }

  async #lookAhead(): Promise<void> {
    const { local, remote, name } = this.#sharing;
    this.#listed = await this.#records.list(name);
    this.#coming = await prefetch(this.#listed, { local, remote });
  }

  async #ask(actionId: string): Promise<GoEntry | undefined> {
    await this.#ahead;
    const { local } = this.#sharing;
    const listed = this.#listed.get(actionId);
    await this.#coming.get(listed?.digest ?? '');
    const result = listed ?? (this.#asks ? await this.#records.result(actionId) : undefined);
    if (result === undefined) return undefined;
    const path = (await local.content(result)) ?? (this.#asks ? await this.#fetch(actionId, result) : undefined);
    return path === undefined ? undefined : this.#found(actionId, result, path);
  }

  async #fetch(actionId: string, result: GoResult): Promise<string | undefined> {
    const { remote, local } = this.#sharing;
    if (result.size > BATCHED) return local.receive(actionId, result, (to) => remote.download(result, to));
    const [content] = await remote.read([result]);
    return content === undefined ? undefined : local.keep(actionId, result, content);
  }

  async #writeList(): Promise<void> {
    const { name, settings } = this.#sharing;
    if (!settings.writes || [...this.#used.keys()].every((actionId) => this.#listed.has(actionId))) return;
    await this.#records.putList(name, new Map([...this.#used, ...this.#listed, ...this.#used]));
  }
}
