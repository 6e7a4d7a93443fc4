import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path/posix';
import { FailureError } from '@slipway/model';
import type { OutputFiles } from './port.ts';

export type FakeEntry = { readonly text: string } | { readonly link: string } | { readonly directory: true };

export interface FakeOutputFiles extends OutputFiles {
  /** The existing entries, by path; parent directories are not listed. Tests may add entries. */
  readonly entries: Map<string, FakeEntry>;
  /** The calls, in order: `publishFile /a /b`. */
  readonly calls: readonly string[];
}

/** Files in memory. `texts` exist from the beginning. */
export function fakeOutputFiles(texts: Readonly<Record<string, string>> = {}): FakeOutputFiles {
  const entries = new Map<string, FakeEntry>(Object.entries(texts).map(([path, text]) => [path, { text }]));
  const calls: string[] = [];
  const put = (path: string, entry: FakeEntry): void => {
    refuseFileAbove(entries, path);
    if (isDirectory(entries, path)) throw notWritable(path, 'a directory is in the way');
    entries.set(path, entry);
  };
  const remove = (named: string): void => {
    const path = named.replace(/\/+$/, '');
    for (const name of [...entries.keys()]) if (name === path || name.startsWith(`${path}/`)) entries.delete(name);
  };
  return {
    entries,
    calls,
    async publishFile(from, to) {
      calls.push(`publishFile ${from} ${to}`);
      const text = textAt(entries, from);
      if (text === undefined)
        throw new FailureError({ code: 'FILE_MISSING', path: from, why: `slipway would copy it to ${to}` });
      const present = entries.get(to);
      if (present !== undefined && 'text' in present && present.text === text) return 'same';
      put(to, { text });
      return 'copied';
    },
    async writeFileWhole(path, text) {
      calls.push(`writeFileWhole ${path}`);
      const present = entries.get(path);
      if (present !== undefined && 'text' in present && present.text === text) return 'same';
      put(path, { text });
      return 'written';
    },
    async writeBytesWhole(path, bytes) {
      calls.push(`writeBytesWhole ${path}`);
      let text = '';
      for await (const piece of bytes) text += Buffer.from(piece).toString();
      put(path, { text });
    },
    async receiveFile(path, _file, fetch) {
      calls.push(`receiveFile ${path}`);
      const directory = mkdtempSync(join(tmpdir(), 'slipway-fake-'));
      try {
        await fetch(join(directory, 'received'));
        put(path, { text: readFileSync(join(directory, 'received'), 'utf8') });
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
    async digest(path) {
      const text = textAt(entries, path);
      return text === undefined ? undefined : hash('sha256', text);
    },
    async ensureSymlink(link, target) {
      calls.push(`ensureSymlink ${link} ${target}`);
      const present = entries.get(link);
      if (present !== undefined && 'link' in present && present.link === target) return 'same';
      if (present !== undefined && !('link' in present))
        throw notWritable(link, `a file is where the link to ${target} belongs`);
      put(link, { link: target });
      return 'written';
    },
    async removeTree(path, keep = []) {
      calls.push(`removeTree ${path}`);
      const kept = [...entries].filter(([name]) => keep.includes(name));
      remove(path);
      for (const [name, entry] of kept) entries.set(name, entry);
    },
    async stamp(path) {
      const entry = entries.get(path);
      return entry === undefined ? undefined : JSON.stringify(entry);
    },
    async ensureDirectory(path) {
      calls.push(`ensureDirectory ${path}`);
      refuseFileAbove(entries, path);
    },
    async ensureEmptyDirectory(path) {
      calls.push(`ensureEmptyDirectory ${path}`);
      refuseFileAbove(entries, path);
      remove(path);
      entries.set(path, { directory: true });
    },
    async readTextIfExists(path) {
      calls.push(`readTextIfExists ${path}`);
      return textAt(entries, path);
    },
  };
}

type Entries = ReadonlyMap<string, FakeEntry>;

function textAt(entries: Entries, path: string): string | undefined {
  const entry = entries.get(path);
  if (entry !== undefined && 'link' in entry) return textAt(entries, join(dirname(path), entry.link));
  return entry !== undefined && 'text' in entry ? entry.text : undefined;
}

const isDirectory = (entries: Entries, path: string): boolean => {
  const entry = entries.get(path);
  return (
    (entry !== undefined && 'directory' in entry) || [...entries.keys()].some((name) => name.startsWith(`${path}/`))
  );
};

function refuseFileAbove(entries: Entries, path: string): void {
  for (let above = dirname(path); above !== dirname(above); above = dirname(above)) {
    const entry = entries.get(above);
    if (entry !== undefined && 'text' in entry)
      throw notWritable(path, 'a part of the path is a file, not a directory');
  }
}

const notWritable = (path: string, fact: string): FailureError =>
  new FailureError({ code: 'NOT_WRITABLE', path, fact });
