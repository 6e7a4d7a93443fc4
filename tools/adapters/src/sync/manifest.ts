import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Entries, Entry } from './entry.ts';

/** What is in the directory of a container, as far as this machine knows. */
export interface Manifest {
  /** Part of the name of a file beside that directory: when it is gone, so is what was sent. */
  readonly generation: string;
  /** A command ran there since: the directory must be asked. */
  readonly doubted: boolean;
  readonly entries: Entries;
}

type Row = readonly [kind: Entry['kind'], mode: number, size: number, modified: number, target: string, stamp: string];

/** Undefined when there is none that can be read. */
export function readManifest(file: string): Manifest | undefined {
  try {
    const { generation, doubted, entries } = JSON.parse(readFileSync(file, 'utf8')) as {
      generation: string;
      doubted: boolean;
      entries: Record<string, Row>;
    };
    return {
      generation,
      doubted,
      entries: new Map(Object.entries(entries).map(([path, row]) => [path, entryOf(row)])),
    };
  } catch {
    return undefined;
  }
}

export function writeManifest(file: string, { generation, doubted, entries }: Manifest): void {
  const rows = Object.fromEntries([...entries].map(([path, entry]) => [path, rowOf(entry)]));
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify({ generation, doubted, entries: rows }));
  renameSync(temporary, file);
}

const entryOf = ([kind, mode, size, modified, target, stamp]: Row): Entry => ({
  kind,
  mode,
  size,
  modified,
  ...(kind === 'link' ? { target } : {}),
  ...(stamp === '' ? {} : { stamp }),
});

const rowOf = ({ kind, mode, size, modified, target = '', stamp = '' }: Entry): Row => [
  kind,
  mode,
  size,
  modified,
  target,
  stamp,
];
