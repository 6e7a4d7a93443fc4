import type { Store, StoreRecord } from '../store/port.ts';
import { type KeyParts, keyOf } from './key.ts';

/**
 * Besides the record of each key, a record without files holds the newest key of a command. A machine that never built
 * it can then explain the difference. A shared store shares these records, too.
 */
export const noteLastKnown = async (parts: KeyParts, store: Store | undefined): Promise<void> =>
  void (await store?.add({ key: lastKnownKey(parts), parts }, []));

export const findLastKnown = async (parts: KeyParts, store: Store | undefined): Promise<StoreRecord | undefined> =>
  store?.find(lastKnownKey(parts), 'to explain');

/** `user@host at 2026-11-21T10:00Z`. */
export const whereAndWhen = ({ writer, written }: StoreRecord): string =>
  `${writer} at ${new Date(written * 1000).toISOString().slice(0, 16)}Z`;

const lastKnownKey = (parts: KeyParts): string =>
  keyOf({ newest: '', ...Object.fromEntries(NAMING.map((name) => [name, parts[name] ?? ''])) });

/** The parts that identify a command. */
const NAMING = ['name', 'package', 'kind', 'platform'];
