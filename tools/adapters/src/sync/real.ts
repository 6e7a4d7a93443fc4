import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Environment, FailureError } from '@slipway/model';
import { saysDiskFull } from '../process/disk-full.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import type { ContainerEngine } from '../docker/port.ts';
import { copyOut } from './copy-out.ts';
import { type Entries, differences } from './entry.ts';
import { executed } from './executed.ts';
import { findArguments, parseFound } from './list-container.ts';
import { type Listing, digestOf, listTree, parseEntries } from './list-tree.ts';
import { type Seal, userSeal } from '../files/seal.ts';
import { type Manifest, markDirty, isDirty, readManifest, markClean, writeManifest } from './manifest.ts';
import { markOf } from './mark.ts';
import type { SyncRequest, Synced, TreeSync } from './port.ts';
import { receiveFiles } from './receive-files.ts';
import { sendFiles } from './send-files.ts';

/** The names of generated files. A sync that did not send such a file leaves it there. */
const generated = /(?:^|\/)(?:zz_generated\.[^/]*|generated\.proto|[^/]*\.pb\.go)$/;

/**
 * Milliseconds in which two writes may have the same time. Files that were written this shortly ago are sent again next
 * time.
 */
const FILE_TICK = 12;

/** Milliseconds. A tree that was listed before an image was made is listed again. */
const RECENT = 10_000;

/** Sends changes, and records on this machine what was sent. */
export function realTreeSync(engine: ContainerEngine, environment: Environment): TreeSync {
  const listings = new Map<string, Listing>();
  const seal = userSeal(environment);
  return {
    async list(request) {
      listings.set(request.manifest, await listTree(request, request.signal));
    },
    async syncIn(request) {
      const listing = listings.get(request.manifest);
      listings.delete(request.manifest);
      const isRecent = listing !== undefined && listing.started > Date.now() - RECENT;
      const now = isRecent ? listing : await listTree(request, request.signal);
      return syncIn({ ...request, environment, seal }, now, engine);
    },
    async markDirty(manifest) {
      markDirty(manifest);
    },
    copyOut: (request) => copyOut(request, engine, seal),
    fetch: (request) => receiveFiles(request, engine),
  };
}

interface Syncing extends SyncRequest {
  readonly seal: Seal;
  readonly environment: Environment;
}

async function syncIn(request: Syncing, { started, text }: Listing, engine: ContainerEngine): Promise<Synced> {
  const { to, manifest } = request;
  const { known, asked, why } = await believable(request, engine);
  throwIfInterrupted(request.signal);
  const digest = digestOf(text);
  if (!asked && known?.digest === digest) return { sent: 0, deleted: 0, instead: undefined, why };
  if (known === undefined) await must(request, engine, ['mkdir', '-p', to]);
  const here = parseEntries(text);
  const entries = known?.entries ?? new Map();
  const there = asked ? await listContainer(request, engine) : entries;
  if (asked) keepGenerated(there as Map<string, unknown>, entries);
  const { send, remove } = differences(here, there);
  const generation = known?.generation ?? randomUUID();
  if (remove.length > 0) await removeFiles(request, remove, engine);
  const instead = send.length > 0 ? await sendFiles({ ...request, paths: send }, engine) : undefined;
  if (send.length > 0 || remove.length > 0 || known === undefined)
    await must(request, engine, ['touch', markOf(to, generation)]);
  const sure = settled(here, started);
  writeManifest(
    manifest,
    { generation, digest: sure.size === here.size ? digest : undefined, entries: sure },
    request.seal,
  );
  markClean(manifest);
  return { sent: send.length, deleted: remove.length, instead, why };
}

interface Believed {
  /** Undefined if no record can be trusted. */
  readonly known: Manifest | undefined;
  /** The directory itself must be listed. */
  readonly asked: boolean;
  readonly why: string | undefined;
}

async function believable({ container, to, manifest, seal }: Syncing, engine: ContainerEngine): Promise<Believed> {
  const known = readManifest(manifest, seal);
  if (known === undefined) return { known, asked: true, why: 'nothing was sent from here before' };
  if (!(await engine.hasFile(container, markOf(to, known.generation))))
    return { known: undefined, asked: true, why: 'the volume is another one' };
  if (isDirty(manifest)) return { known, asked: true, why: 'a command ran there since' };
  return { known, asked: false, why: undefined };
}

async function listContainer(request: SyncRequest, engine: ContainerEngine): Promise<Entries> {
  return parseFound(await must(request, engine, findArguments(request.to, request.exclude)));
}

/** Generated files that were not sent from here are left in the container. */
function keepGenerated(there: Map<string, unknown>, sent: Entries): void {
  for (const path of [...there.keys()]) if (generated.test(path) && !sent.has(path)) there.delete(path);
}

/** Leaves out files whose next change could have the same time. The next sync treats them as unknown. */
function settled(entries: Entries, started: number): Entries {
  const late = (path: string): boolean => {
    const entry = entries.get(path)!;
    const changed = Number(entry.stamp?.split(' ')[1] ?? 0);
    return changed > started - FILE_TICK;
  };
  return new Map([...entries].filter(([path]) => !late(path)));
}

async function removeFiles(request: SyncRequest, paths: readonly string[], engine: ContainerEngine): Promise<void> {
  const { to } = request;
  const input = Readable.from([paths.map((path) => `${to}/${path}\0`).join('')]);
  await must(request, engine, ['xargs', '-0', 'rm', '-rf', '--'], input);
}

/** The output of a command in the container. Throws ENGINE_FULL or SYNC_FAILED if it fails. */
async function must(
  { container, user, signal }: SyncRequest,
  engine: ContainerEngine,
  argv: readonly string[],
  input?: Readable,
): Promise<string> {
  const result = await executed({ container, user, signal, argv, ...(input === undefined ? {} : { input }) }, engine);
  if (result.exit === 0) return result.stdout;
  if (saysDiskFull.test(result.stderr))
    throw new FailureError({ code: 'ENGINE_FULL', what: `sending files to ${container}` });
  throw new FailureError({
    code: 'SYNC_FAILED',
    fact: `${argv[0]} in ${container} ended with ${result.exit}: ${result.stderr.trim()}`,
    hint: 'slipway make-clean gives it a new volume; then run it again',
  });
}
