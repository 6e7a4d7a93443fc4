import { basename, dirname, join } from 'node:path/posix';
import { type Platform, type ShippedEntry, type SourceMember, osOf } from '@slipway/model';
import type { Shippable } from './artifact.ts';

/** `kubernetes-client-linux-amd64.tar.gz` */
export const tarballName = ({ settings }: Shippable, ...words: readonly string[]): string =>
  `${[settings.name, ...words.map((word) => word.replace('/', '-'))].join('-')}.tar.gz`;

/** Binaries in a directory of the archive. */
export const binaryEntries = (dir: string, names: readonly string[], platform: Platform): ShippedEntry[] =>
  [...new Set(names)].map((name) => ({
    path: join(dir, osOf(platform) === 'windows' ? `${name}.exe` : name),
    binary: name,
    platform,
  }));

/** Client binaries, for platforms that have them. */
export const clientsFor = (platform: Platform, { sets: { client } }: Shippable): readonly string[] =>
  client.platforms.includes(platform) ? client.namesOn(platform) : [];

/**
 * Files and directories of the settings, under their last name as `cp -R` copies them, or (`keep`) under their path.
 */
export const copiedEntries = (dir: string, words: readonly string[], { files }: Shippable): ShippedEntry[] =>
  words.flatMap((word) =>
    (files[word] ?? []).map((member) => memberEntry(join(dir, relativeTo(dirname(word), member.path)), member)),
  );

export const keptEntries = (dir: string, words: readonly string[], { files }: Shippable): ShippedEntry[] =>
  words.flatMap((word) => (files[word] ?? []).map((member) => memberEntry(join(dir, member.path), member)));

/** A file or directory of the tree, under another path. */
export const entriesBelow = (place: string, word: string, { files }: Shippable): ShippedEntry[] =>
  (files[word] ?? []).map((member) => memberEntry(join(place, member.path.slice(word.length)), member));

const relativeTo = (dir: string, path: string): string => (dir === '.' ? path : path.slice(dir.length + 1));

export function memberEntry(path: string, member: SourceMember): ShippedEntry {
  if ('link' in member) return { path, link: member.link };
  return 'directory' in member ? { path, directory: true } : { path, source: member };
}

/** Backup files of editors and desktops are never shipped. */
const isCruft = (path: string): boolean => /(~$|^#.*#$|^\.DS)/.test(basename(path));

/** Sorted, without files that are never shipped. */
export const inOrder = (entries: readonly ShippedEntry[]): ShippedEntry[] =>
  entries.filter(({ path }) => !isCruft(path)).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

/** Sorted, without duplicates, each member after its parent directories. */
export function wholeTree(entries: readonly ShippedEntry[]): ShippedEntry[] {
  const byPath = new Map<string, ShippedEntry>();
  for (const entry of entries) {
    for (let dir = dirname(entry.path); dir !== '.'; dir = dirname(dir))
      byPath.set(dir, { path: dir, directory: true });
    if (!byPath.has(entry.path) || !('directory' in entry)) byPath.set(entry.path, entry);
  }
  return inOrder([...byPath.values()]);
}
