import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Entries, Entry } from './entry.ts';

/** What is in the directory of a container, as far as this machine knows. */
export interface Manifest {
  /** Part of the name of a file beside that directory: when it is gone, so is what was sent. */
  readonly generation: string;
  /** Of the entries, when nothing is missing among them: see digestOf. */
  readonly digest: string | undefined;
  readonly entries: Entries;
}

type Row = readonly [kind: Entry['kind'], mode: number, size: number, modified: number, target: string, stamp: string];

/** Undefined when there is none that can be read. Its entries are parsed when somebody wants them: most want the line before. */
export function readManifest(file: string): Manifest | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const { generation, digest } = JSON.parse(text.slice(0, end)) as Omit<Manifest, 'entries'>;
    let entries: Entries | undefined;
    return {
      generation,
      digest,
      get entries() {
        const parse = (): Record<string, Row> => JSON.parse(text.slice(end)) as Record<string, Row>;
        return (entries ??= new Map(Object.entries(parse()).map(([path, row]) => [path, entryOf(row)])));
      },
    };
  } catch {
    return undefined;
  }
}

export function writeManifest(file: string, { generation, digest, entries }: Manifest): void {
  const rows = Object.fromEntries([...entries].map(([path, entry]) => [path, rowOf(entry)]));
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify({ generation, digest })}\n${JSON.stringify(rows)}`);
  renameSync(temporary, file);
}

/** The same for the same entries in the same order, which is that of the file system. */
export function digestOf(entries: Entries): string {
  let text = '';
  for (const [path, { kind, mode, size, modified, target, stamp }] of entries)
    text += `${path}\0${kind} ${mode} ${size} ${modified} ${target} ${stamp}\0`;
  return hash('sha256', text);
}

/** A command ran in the directory since: it must be asked. */
export const isDoubted = (file: string): boolean => existsSync(doubtOf(file));
export const doubt = (file: string): void => writeFileSync(doubtOf(file), '');
export const trust = (file: string): void => rmSync(doubtOf(file), { force: true });

const doubtOf = (file: string): string => `${file}.doubted`;

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
