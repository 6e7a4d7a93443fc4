import { type Entry, isThere } from './entry.ts';
import type { AgedRow, KeptRows } from './index-file.ts';

/** The content of an index at its end. */
interface Known {
  /** As it was read. */
  readonly kept: KeptRows;
  /** Looks of this run, by path. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Looks of this run that were forgotten. They are valid again for the same stat. */
  readonly forgotten: ReadonlyMap<string, Entry>;
  /** The key of a path in the file. */
  keyOf(path: string): string;
}

/** Rows that were not used during this many saves are dropped. */
const OLDEST = 50;

/** The rows to keep: new looks, and old rows that are not known to be gone. */
export function rowsToSave({ kept, entries, forgotten, keyOf }: Known): Map<string, AgedRow> {
  const rows = new Map<string, AgedRow>();
  const gone = new Set<string>();
  for (const [path, entry] of [...forgotten, ...entries]) {
    const key = keyOf(path);
    if (isThere(entry.kind) && !entry.digest.startsWith('unknown:')) {
      if (entry.digest !== '') rows.set(key, entry);
    } else rows.delete(key);
  }
  for (const [path, { kind }] of entries) if (!isThere(kind)) gone.add(keyOf(path));
  for (const [number, key] of kept.paths.entries()) {
    if (rows.has(key) || gone.has(key)) continue;
    const row = kept.row(number);
    if (row.age < OLDEST) rows.set(key, { ...row, age: row.age + 1 });
  }
  return rows;
}
