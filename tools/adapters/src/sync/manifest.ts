import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Seal, sealed, unsealed } from '../files/seal.ts';
import type { Entries } from './entry.ts';
import { formatEntries, parseEntries } from './list-tree.ts';
import { makeDirectories } from '../files/make-directories.ts';

/** What is in the directory of a container, as far as this machine knows. */
export interface Manifest {
  /** Part of the name of a file beside that directory: when it is gone, so is what was sent. */
  readonly generation: string;
  /** Of the tree, when nothing of it is missing among the entries. */
  readonly digest: string | undefined;
  readonly entries: Entries;
}

/** Undefined when there is none that can be read and that this user wrote. Its entries are parsed when somebody wants them: most want the line before. */
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

/** A command ran in the directory since: it must be asked. */
export const isDirty = (file: string): boolean => existsSync(dirtyMarkOf(file));
export const markDirty = (file: string): void => writeFileSync(dirtyMarkOf(file), '');
export const markClean = (file: string): void => rmSync(dirtyMarkOf(file), { force: true });

const dirtyMarkOf = (file: string): string => `${file}.doubted`;
