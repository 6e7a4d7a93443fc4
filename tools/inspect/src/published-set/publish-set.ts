import { join } from 'node:path';
import { type OpenRelease, readForeign, parseSums, sha256Of } from '@slipway/adapters';
import { FailureError, limits } from '@slipway/model';
import { openSetFiles } from './set-files.ts';

export interface Publishing {
  /** A verified set. */
  readonly set: string;
  readonly tag: string;
  /** Shown to users. */
  readonly place: string;
  readonly open: OpenRelease;
  readonly signal: AbortSignal;
}

export interface PublishedFile {
  readonly name: string;
  readonly is: 'sent' | 'there';
}

/**
 * Files of a set that SHA256SUMS does not list. Checksums come last, so that their presence means the set is complete.
 */
const LAST = ['SHA512SUMS', 'provenance.sigstore.json', 'SHA256SUMS'];

/**
 * Uploads every file of a set to one release and publishes the release last. Existing files with the same bytes are
 * kept; incomplete files of a killed run are replaced. A published release never changes: throws NOT_PUBLISHED before
 * anything is sent.
 */
export async function publishSet({ set, tag, place, open, signal }: Publishing): Promise<PublishedFile[]> {
  const names = await namesOf(set, signal);
  const release = await open(tag);
  const there = new Set(release.files.map(({ name }) => name));
  const refused = (fact: string): FailureError =>
    new FailureError({ code: 'NOT_PUBLISHED', place, fact, hint: 'publish it under another tag' });
  const foreign = [...there].filter((name) => !names.includes(name));
  if (foreign.length > 0) throw refused(`${tag} has ${foreign.join(', ')}, which the set does not have`);
  const files: PublishedFile[] = [];
  for (const name of names) {
    const digest = there.has(name) ? await release.digestOf(name) : undefined;
    files.push({ name, is: digest === (await sha256Of(join(set, name))) ? 'there' : 'sent' });
  }
  const missing = files.filter(({ is }) => is === 'sent');
  if (release.isPublished && missing.length > 0)
    throw refused(`${tag} is published, and ${missing[0]!.name} is missing there or has other bytes`);
  for (const { name } of missing) await release.put(name, join(set, name));
  if (!release.isPublished) await release.publish();
  return files;
}

async function namesOf(set: string, signal: AbortSignal): Promise<string[]> {
  const { names } = await openSetFiles(set, signal);
  const read = await readForeign(join(set, 'SHA256SUMS'), limits.sums.bytes);
  const sums = 'problem' in read ? read.problem : parseSums(read.bytes.toString(), 'sha256');
  if (typeof sums === 'string')
    throw new FailureError({ code: 'BAD_ARCHIVE', path: join(set, 'SHA256SUMS'), fact: sums });
  const first = sums.map(({ name }) => name).filter((name) => !LAST.includes(name));
  return [...first.sort(), ...LAST.filter((name) => names.includes(name))];
}
