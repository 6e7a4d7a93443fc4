import type { Entry } from './entry.ts';

/** Makes find skip excluded paths, and print everything else as fields that end with a zero byte. */
export function findArguments(directory: string, exclude: readonly string[]): string[] {
  const pruned = exclude.flatMap((each, index) => [
    ...(index === 0 ? [] : ['-o']),
    ...(each.startsWith('/') ? ['-path', `${directory}${each}`] : ['-name', each]),
  ]);
  return [
    'find',
    directory,
    '-mindepth',
    '1',
    ...(pruned.length === 0 ? [] : ['(', ...pruned, ')', '-prune', '-o']),
    ...['-printf', '%P\\0%y\\0%m\\0%s\\0%T@\\0%l\\0'],
  ];
}

const kinds: Readonly<Record<string, Entry['kind']>> = { f: 'file', d: 'directory', l: 'link' };

/** Parses the output of find. An entry of another kind becomes a file of size 0, so the sync removes it. */
export function parseFound(text: string): Map<string, Entry> {
  const fields = text.split('\0');
  const entries = new Map<string, Entry>();
  for (let at = 0; at + 5 < fields.length; at += 6) {
    const [path, type, mode, size, modified, target] = fields.slice(at, at + 6) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const kind = kinds[type] ?? 'file';
    entries.set(path, {
      kind,
      mode: kind === 'link' ? 0 : Number.parseInt(mode, 8),
      size: kind === 'file' ? Number(size) : 0,
      modified: kind === 'file' ? Number(modified) * 1000 : 0,
      ...(kind === 'link' ? { target } : {}),
    });
  }
  return entries;
}
