import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { FailureError } from '@slipway/model';
import { interruptedBy } from '../process/interrupted.ts';
import type { Entries, Entry } from './entry.ts';

/** The content of a tree. */
export interface Listing {
  /** Milliseconds since the epoch, before the listing began. */
  readonly started: number;
  /** In the format of `formatEntries`. */
  readonly text: string;
}

export interface Listed {
  readonly root: string;
  /** A path from the root (`/_output`), or a name anywhere (`node_modules`). */
  readonly exclude: readonly string[];
}

/**
 * Lists everything below `root` except excluded paths. Another thread does it, so calls to an engine continue
 * meanwhile.
 */
export async function listTree({ root, exclude }: Listed, signal: AbortSignal): Promise<Listing> {
  const started = Date.now();
  const workerData: Listed = { root, exclude };
  const worker = new Worker(new URL('./list-tree-worker.ts', import.meta.url), { execArgv: [], workerData });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const said = await new Promise<Looked | { fact: string }>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(interruptedBy(signal)));
    });
    if ('lost' in said) throw new FailureError({ code: 'BAD_NAME', path: said.lost, why: 'it cannot be sent' });
    if ('text' in said) return { started, text: said.text };
    const fact = `the tree cannot be read: ${said.fact}`;
    throw new FailureError({
      code: 'SYNC_FAILED',
      fact,
      hint: 'make it readable for the user who builds, then run it again',
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** One text of all entries, in the order of the file system. Equal texts mean equal trees. */
export function formatEntries(entries: Entries): string {
  let text = '';
  for (const [path, { kind, mode, size, modified, target = '', stamp = '' }] of entries)
    text += `${path}\0${kind} ${mode} ${size} ${modified} ${stamp}\0${target}\0`;
  return text;
}

export function parseEntries(text: string): Entries {
  const entries = new Map<string, Entry>();
  const fields = text.split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path, numbers, target] = fields.slice(at, at + 3) as [string, string, string];
    const [kind, mode, size, modified, ...stamp] = numbers.split(' ') as [Entry['kind'], ...string[]];
    entries.set(path, {
      kind,
      mode: Number(mode),
      size: Number(size),
      modified: Number(modified),
      ...(kind === 'link' ? { target } : {}),
      ...(stamp[0] === '' ? {} : { stamp: stamp.join(' ') }),
    });
  }
  return entries;
}

export const digestOf = (text: string): string => hash('sha256', text);

/** The text of `formatEntries`, or a path that is not UTF-8. */
export type Looked = { readonly text: string } | { readonly lost: string };
