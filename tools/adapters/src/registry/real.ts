import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Environment,
  FailureError,
  type Meter,
  type Platform,
  archOf,
  limits,
  metered,
  osOf,
} from '@slipway/model';
import type { OutputFiles } from '../files/port.ts';
import { type Seal, userSeal } from '../files/seal.ts';
import { type TimeLimits, TooLarge, reasonOf } from '../network/fetch-in-time.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import { type RegistryClient, registryClient } from './client.ts';
import type { Descriptor } from './image-file.ts';
import { MANIFESTS, type Manifest, parseManifest } from './manifest.ts';
import type { Pulling, Registry } from './port.ts';
import { pushImages } from './push.ts';
import type { KnownPlaces } from './repository.ts';
import { parseReference } from './reference.ts';

/** The annotation with the reference and the platforms of a pull. */
const PULLED = 'example.slipway.pulled';

/** Uses the logins of docker. */
export function realRegistry(files: OutputFiles, environment: Environment, timeLimits?: TimeLimits): Registry {
  const known: KnownPlaces = new Map();
  const seal = userSeal(environment);
  const unlessInterrupted = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throwIfInterrupted(signal);
      throw error;
    }
  };
  return {
    async pull(pulling) {
      const kept = join(pulling.to, 'pulled');
      if (isThere(pulling, kept, seal)) return 'same';
      await unlessInterrupted(pulling.signal, () => pull(pulling, { files, environment, timeLimits }));
      await files.writeFileWhole(kept, markOf(pulling, seal));
      return 'pulled';
    },
    push: (pushing) => unlessInterrupted(pushing.signal, () => pushImages(pushing, { environment, timeLimits, known })),
  };
}

const pulledAs = ({ image, platforms }: Pulling): string => [image, ...platforms.toSorted()].join(' ');

/** A tag is requested once. The sealed mark shows that this user's slipway pulled the layout. */
function isThere(pulling: Pulling, kept: string, seal: Seal): boolean {
  try {
    return readFileSync(kept, 'utf8') === markOf(pulling, seal);
  } catch {
    return false;
  }
}

const markOf = (pulling: Pulling, seal: Seal): string =>
  seal.of('pulled', pulledAs(pulling), '\0', readFileSync(join(pulling.to, 'index.json'))).toString('hex');

interface Around {
  readonly files: OutputFiles;
  readonly environment: Environment;
  readonly timeLimits: TimeLimits | undefined;
}

async function pull(pulling: Pulling, { files, environment, timeLimits }: Around): Promise<void> {
  const { image, platforms, to, signal } = pulling;
  const bad = (fact: string, hint?: string): FailureError =>
    new FailureError({ code: 'BAD_IMAGE', image, fact, ...(hint === undefined ? {} : { hint }) });
  const reference = parseReference(image);
  if (reference === undefined) throw bad('it does not name its registry');
  const client = await registryClient(reference, { signal, timeLimits, bad, environment });
  const fetching: Fetching = { client, files, to, signal, bad, meter: pulling.meter };
  const top = await fetchManifest(reference.version, fetching);
  const manifests: Descriptor[] = [];
  for (const platform of platforms) {
    const found =
      top.manifest.manifests === undefined ? top : await manifestFor(platform, top.manifest.manifests, fetching);
    const { image: own } = found.manifest;
    if (own === undefined) throw bad('its manifest has no config or no layers');
    const blobs = [own.config, ...own.layers].filter(({ digest }) => !existsSync(blobPath(to, digest)));
    for (const { size } of blobs) pulling.meter?.expect(size);
    for (const blob of blobs) await fetchBlob(blob, fetching);
    manifests.push({ ...found.descriptor, platform: { os: osOf(platform), architecture: archOf(platform) } });
  }
  await files.writeFileWhole(join(to, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const index = { schemaVersion: 2, manifests, annotations: { [PULLED]: pulledAs(pulling) } };
  await files.writeFileWhole(join(to, 'index.json'), JSON.stringify(index));
}

interface Fetching {
  readonly client: RegistryClient;
  readonly signal: AbortSignal;
  readonly files: OutputFiles;
  readonly to: string;
  readonly meter: Meter | undefined;
  bad(fact: string): FailureError;
}

const blobPath = (to: string, digest: string): string => join(to, 'blobs', digest.replace(':', '/'));

interface Fetched {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
}

function manifestFor(platform: Platform, among: readonly Descriptor[], fetching: Fetching): Promise<Fetched> {
  const found = among.find(
    (each) => each.platform?.os === osOf(platform) && each.platform.architecture === archOf(platform),
  );
  if (found === undefined) throw fetching.bad(`it is not there for ${platform}`);
  return fetchManifest(found.digest, fetching);
}

/** Stores the manifest under its digest, and checks a digest that was requested. */
async function fetchManifest(version: string, { client, files, to, signal, bad }: Fetching): Promise<Fetched> {
  const answer = await client.get(`manifests/${version}`, MANIFESTS);
  const text = await answer.bytes(limits.registry.manifest).catch((error: unknown) => {
    signal.throwIfAborted();
    throw bad(`its manifest: ${reasonOf(error)}`);
  });
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  if (version.startsWith('sha256:') && version !== digest)
    throw bad(`manifest ${version} arrived with different bytes`);
  const manifest = parseManifest(text, bad);
  await files.writeFileWhole(blobPath(to, digest), text.toString());
  const mediaType = manifest.mediaType ?? answer.response.headers.get('content-type') ?? MANIFESTS.split(', ')[2]!;
  return { descriptor: { mediaType, digest, size: text.length }, manifest };
}

async function fetchBlob({ digest, size }: Descriptor, fetching: Fetching): Promise<void> {
  const { client, files, to, signal, bad, meter } = fetching;
  const path = blobPath(to, digest);
  // A file with this name is complete, because it was checked before. An image may name a blob twice.
  if (existsSync(path)) return;
  const { pieces } = await client.get(`blobs/${digest}`);
  await files.writeBytesWhole(path, checked(metered(pieces(size), meter), { digest, size, bad }), signal);
}

interface Checking extends Pick<Descriptor, 'digest' | 'size'> {
  bad(fact: string): FailureError;
}

async function* checked(body: AsyncIterable<Uint8Array>, { digest, size, bad }: Checking): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  try {
    for await (const piece of body) {
      hash.update(piece);
      yield piece;
    }
  } catch (error) {
    if (error instanceof TooLarge) throw bad(`${digest} is larger than its ${size} bytes`);
    throw bad(`${digest} broke off: ${reasonOf(error)}`);
  }
  if (`sha256:${hash.digest('hex')}` !== digest) throw bad(`${digest} arrived with different bytes`);
}
