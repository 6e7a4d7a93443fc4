import { type Entry, isThere } from './entry.ts';
import type { AgedRow, KeptRows } from './index-file.ts';

/** What an index knows at its end. */
interface Known {
  /** As it was read. */
  readonly kept: KeptRows;
  /** Looked at in this run, by path. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Looked at and then forgotten: what was learned is good for whoever finds the same stat. */
  readonly forgotten: ReadonlyMap<string, Entry>;
  /** What a path is called in the file. */
  keyOf(path: string): string;
}

/** Rows nobody asked for during so many saves are dropped. */
const OLDEST = 50;

/** What is worth to be kept: what was learned now, over what was known before and is not known to be gone. */
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
