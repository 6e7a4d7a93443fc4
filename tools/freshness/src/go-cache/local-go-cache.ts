import { hash, randomUUID } from 'node:crypto';
import { readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { limits } from '@slipway/model';
import { makeDirectories } from '@slipway/adapters/make-directories';

/** The result of an action: Go's name for it, and the sha256 (hex) of its content. */
export interface GoResult {
  readonly outputId: string;
  readonly digest: string;
  readonly size: number;
  readonly time: number;
}

/** Results and contents on this machine's disk. Damaged ones count as missing. */
export interface LocalGoCache {
  result(actionId: string): Promise<GoResult | undefined>;
  /** The path of the content if it exists and is correct. */
  content(result: Pick<GoResult, 'digest' | 'size'>): Promise<string | undefined>;
  /** Stores the content first, then the result. */
  keep(actionId: string, result: GoResult, content: Buffer): Promise<string>;
  /** The same as `keep`, for content that `fetch` writes, verified, to a new path. */
  receive(actionId: string, result: GoResult, fetch: (to: string) => Promise<void>): Promise<string>;
  /** Removes entries that were not used for days; runs once a day. */
  trim(now: number): Promise<void>;
}

/** The limit of Go's own cache. */
const UNUSED = 5 * 24 * 3600_000;
const DAY = 24 * 3600_000;
/** The time of use is written at most once an hour. */
const HOUR = 3600_000;

export function localGoCache(directory: string): LocalGoCache {
  const at = (kind: 'a' | 'o', name: string): string => join(directory, name.slice(0, 2), `${kind}-${name}`);
  const known = new Map<string, Promise<string | undefined>>();
  const check = async ({ digest, size }: Pick<GoResult, 'digest' | 'size'>): Promise<string | undefined> => {
    const path = at('o', digest);
    const content = await readFile(path).catch(() => undefined);
    if (content === undefined) return undefined;
    if (content.length === size && hash('sha256', content) === digest) return (await use(path), path);
    await rm(path, { force: true }).catch(() => {});
    return undefined;
  };
  return {
    async result(actionId) {
      const path = at('a', actionId);
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      await use(path);
      return parseResult(text);
    },
    content(result) {
      const found = known.get(result.digest) ?? check(result);
      known.set(result.digest, found);
      return found;
    },
    async keep(actionId, result, content) {
      const path = at('o', result.digest);
      if ((await this.content(result)) === undefined) await writeWhole(path, content);
      known.set(result.digest, Promise.resolve(path));
      await writeWhole(at('a', actionId), JSON.stringify(result));
      return path;
    },
    async receive(actionId, result, fetch) {
      const path = at('o', result.digest);
      await whole(path, fetch);
      known.set(result.digest, Promise.resolve(path));
      await writeWhole(at('a', actionId), JSON.stringify(result));
      return path;
    },
    async trim(now) {
      const mark = join(directory, 'trimmed');
      const last = await stat(mark).catch(() => undefined);
      if (last !== undefined && now - last.mtimeMs < DAY) return;
      await writeWhole(mark, '');
      for (const folder of await readdir(directory))
        for (const name of await readdir(join(directory, folder)).catch(() => [])) {
          const path = join(directory, folder, name);
          const found = await stat(path).catch(() => undefined);
          if (found !== undefined && now - found.mtimeMs > UNUSED) await rm(path, { force: true });
        }
    },
  };
}

/** Limits the size from a foreign cache, so that it cannot fill the disk. */
const isSize = (size: unknown): boolean =>
  Number.isSafeInteger(size) && (size as number) >= 0 && (size as number) <= limits.cache.content;

/** Undefined for invalid text. */
export function parseResult(text: string): GoResult | undefined {
  try {
    const { outputId, digest, size, time } = JSON.parse(text) as Partial<GoResult>;
    const right =
      /^[0-9a-f]{64}$/.test(`${digest}`) && /^[0-9a-f]+$/.test(`${outputId}`) && isSize(size) && Number.isFinite(time);
    return right ? { outputId: outputId!, digest: digest!, size: size!, time: time! } : undefined;
  } catch {
    return undefined;
  }
}

async function use(path: string): Promise<void> {
  const now = Date.now();
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && now - found.mtimeMs > HOUR) await utimes(path, now / 1000, now / 1000).catch(() => {});
}

const writeWhole = (path: string, content: string | Buffer): Promise<void> =>
  whole(path, (temporary) => writeFile(temporary, content));

async function whole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  makeDirectories(dirname(path));
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
