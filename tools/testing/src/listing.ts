import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Everything below a directory, itself included: kind, mode, size, inode and time of change of content, by path. */
export function listing(dir: string): Record<string, string> {
  const names = ['.', ...readdirSync(dir, { recursive: true, encoding: 'utf8' })].sort();
  return Object.fromEntries(names.map((name) => [name, stampOf(join(dir, name))]));
}

/** Changes when a file is replaced or written to, whatever is written. */
export function stampOf(path: string): string {
  const stat = lstatSync(path, { bigint: true });
  const kind = stat.isSymbolicLink()
    ? `link ${readlinkSync(path)}`
    : stat.isDirectory()
      ? 'directory'
      : `file ${stat.size}`;
  return `${kind} ${(stat.mode & 0o7777n).toString(8)} ${stat.ino} ${stat.mtimeNs}`;
}

/** Names of temporary files below a directory that a run left behind. */
export const leftovers = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.includes('.slipway-tmp-') || /(^|\/)local\/tmp\/./.test(name),
  );
