import { createHash } from 'node:crypto';
import { limits } from '@slipway/model';
import { isDigest } from './layout.ts';
import type { StoredFile, StoreRecord } from './port.ts';

/** A record as text with its own digest, so that a flipped bit in a name or a mode is detected. */
export function formatRecord(record: StoreRecord): string {
  return JSON.stringify({ sha256: digestOf(record), record });
}

/** Undefined for anything that is not a valid record of that key. */
export function parseRecord(text: string, key: string): StoreRecord | undefined {
  try {
    const { sha256, record } = JSON.parse(text) as { sha256?: unknown; record?: unknown };
    return isRecord(record) && record.key === key && sha256 === digestOf(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

const digestOf = (record: StoreRecord): string => createHash('sha256').update(JSON.stringify(record)).digest('hex');

function isRecord(value: unknown): value is StoreRecord {
  if (!isObject(value)) return false;
  const { key, files, writer, written, scope, parts } = value;
  return (
    typeof key === 'string' &&
    Array.isArray(files) &&
    files.length <= limits.cache.files &&
    files.every(isFile) &&
    new Set(files.map((file) => file.name)).size === files.length &&
    typeof writer === 'string' &&
    Number.isFinite(written) &&
    (scope === undefined || typeof scope === 'string') &&
    isObject(parts) &&
    Object.values(parts).every((part) => typeof part === 'string')
  );
}

function isFile(value: unknown): value is StoredFile {
  if (!isObject(value)) return false;
  const { name, digest, size, mode } = value;
  return (
    isFileName(name) &&
    isDigest(digest) &&
    isCount(size) &&
    size <= limits.cache.content &&
    isCount(mode) &&
    mode <= 0o777
  );
}

/** Files from any record are readable by everybody and writable only by the owner. */
export const modeOf = (mode: number): number => ((mode & 0o111) === 0 ? 0o644 : 0o755);

/** A name that stays below its base directory. */
export const isFileName = (name: unknown): name is string =>
  typeof name === 'string' &&
  name !== '' &&
  !name.startsWith('/') &&
  !/[\\\0]/.test(name) &&
  !name.split('/').includes('..');

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
