import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Seal, sealed, unsealed } from '../files/seal.ts';
import type { Entries } from './entry.ts';
import { formatEntries, parseEntries } from './list-tree.ts';
import { makeDirectories } from '../files/make-directories.ts';

/** The content of a container's directory, as far as this machine knows. */
export interface Manifest {
  /** A part of the name of a file beside that directory. Without the file, what was sent is gone, too. */
  readonly generation: string;
  /** The digest of the tree; undefined if the entries are incomplete. */
  readonly digest: string | undefined;
  readonly entries: Entries;
}

/**
 * Undefined if there is none that is readable and written by this user. The entries are parsed on demand, because most
 * callers need only the first line.
 */
export function readManifest(file: string, seal: Seal): Manifest | undefined {
  try {
    const text = unsealed(seal, 'manifest', readFileSync(file, 'utf8'));
    if (text === undefined) return undefined;
    const end = text.indexOf('\n');
    const { generation, digest } = JSON.parse(text.slice(0, end)) as Omit<Manifest, 'entries'>;
    let entries: Entries | undefined;
    return {
      generation,
      digest,
      get entries() {
        return (entries ??= parseEntries(text.slice(end + 1)));
      },
    };
  } catch {
    return undefined;
  }
}

export function writeManifest(file: string, { generation, digest, entries }: Manifest, seal: Seal): void {
  makeDirectories(dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  const text = `${JSON.stringify({ generation, digest })}\n${formatEntries(entries)}`;
  writeFileSync(temporary, sealed(seal, 'manifest', text));
  renameSync(temporary, file);
}

/** A command ran in the directory since, so the next sync must check it. */
export const isDirty = (file: string): boolean => existsSync(dirtyMarkOf(file));
export const markDirty = (file: string): void => writeFileSync(dirtyMarkOf(file), '');
export const markClean = (file: string): void => rmSync(dirtyMarkOf(file), { force: true });

const dirtyMarkOf = (file: string): string => `${file}.doubted`;
