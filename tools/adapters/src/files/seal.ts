import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '@slipway/model';
import { makeCacheDirectory } from './make-cache-directory.ts';
import type { Memo } from './port.ts';

/**
 * A mark that only this user can make, for slipway's records beside a tree's results, because a foreign tree may
 * contain a prepared output. The mark does not contain the tree's path, so the tree may be moved and copied.
 */
export interface Seal {
  /** 32 bytes. `what` is the kind of record, so that one kind cannot replace another. */
  of(what: string, ...parts: readonly (string | Uint8Array)[]): Buffer;
}

/** Created when a run first keeps something. Without a place for the key, later runs trust no records. */
export function userSeal(environment: Environment): Seal {
  let key: Buffer | undefined;
  return sealWith(() => (key ??= keyOfUser(environment) ?? randomBytes(BYTES)));
}

export const sealWith = (key: () => Uint8Array): Seal => ({
  of(what, ...parts) {
    const hmac = createHmac('sha256', key()).update(`${what}\0`);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  },
});

const BYTES = 32;

function keyOfUser(environment: Environment): Buffer | undefined {
  const caches = makeCacheDirectory(environment);
  if (caches === undefined) return undefined;
  const file = join(caches, 'seal');
  return readKey(file) ?? makeKey(file);
}

/** The key must not be readable by others. */
function readKey(file: string): Buffer | undefined {
  try {
    const { uid, mode } = statSync(file);
    const key = readFileSync(file);
    return uid === (process.geteuid?.() ?? uid) && (mode & 0o077) === 0 && key.length === BYTES ? key : undefined;
  } catch {
    return undefined;
  }
}

/** If several runs create one at the same time, the first wins. */
function makeKey(file: string): Buffer | undefined {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, randomBytes(BYTES), { mode: 0o600, flag: 'wx' });
    linkSync(temporary, file);
    rmSync(temporary, { force: true });
  } catch {
    // It exists, or nothing can be kept.
    if (existsSync(temporary)) rmSync(temporary, { force: true });
  }
  return readKey(file);
}

/** The text after a line with its mark. */
export const sealed = (seal: Seal, what: string, text: string): string =>
  `${seal.of(what, text).toString('hex')}\n${text}`;

/** The sealed text of this kind; undefined for everything else. */
export function unsealed(seal: Seal, what: string, text: string): string | undefined {
  const inside = text.slice(2 * BYTES + 1);
  return isMark(seal.of(what, inside), Buffer.from(text.slice(0, 2 * BYTES), 'hex')) ? inside : undefined;
}

export const isMark = (right: Uint8Array, found: Uint8Array): boolean =>
  right.length === found.length && timingSafeEqual(right, found);

export const sealedMemo = (memo: Memo, seal: Seal): Memo => ({
  get(key) {
    const text = memo.get(key);
    return text === undefined ? undefined : unsealed(seal, `memo ${key}`, text);
  },
  set: (key, value) => memo.set(key, sealed(seal, `memo ${key}`, value)),
});
