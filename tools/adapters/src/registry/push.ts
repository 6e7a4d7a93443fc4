import { setTimeout } from 'node:timers/promises';
import { type Environment, FailureError } from '@slipway/model';
import type { Answer, TimeLimits } from '../network/fetch-in-time.ts';
import { type RegistryClient, registryClient } from './client.ts';
import { credentialsOf } from './credentials.ts';
import { type Descriptor, type ImageFile, digestOf, openImage } from './image-file.ts';
import type { Pushing } from './port.ts';
import { type Reference, parseReference } from './reference.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
/** A registry may want at least 5 MiB at a time, and a break costs no more than this. */
const CHUNK = 16 << 20;
/** How often a transfer that broke off is gone on with, and the milliseconds before. */
const BREAKS = 5;
const PAUSE = 1000;

/** Where blobs are known to be: a registry takes them over from there. By origin and digest. */
export type KnownPlaces = Map<string, string>;

interface Repository {
  readonly reference: Reference;
  readonly client: RegistryClient;
  readonly known: KnownPlaces;
  readonly signal: AbortSignal;
  bad(fact: string): FailureError;
}

export interface Around {
  readonly environment: Environment;
  readonly timeLimits: TimeLimits | undefined;
  readonly known: KnownPlaces;
}

export async function pushImages(
  pushing: Pushing,
  { environment, timeLimits, known }: Around,
): Promise<'pushed' | 'same'> {
  const { name, images, signal } = pushing;
  const bad = (fact: string): FailureError => new FailureError({ code: 'NOT_PUSHED', image: name, fact });
  const repositoryOf = (text: string): Repository => {
    const reference = parseReference(text);
    if (reference === undefined) throw bad(`${text} does not say in which registry it is`);
    const asking = { signal, timeLimits, bad, credentialsOf: (origin: string) => credentialsOf(origin, environment) };
    const client = registryClient(reference, asking);
    return { reference, client, known, signal, bad };
  };
  await using files = new AsyncDisposableStack();
  const together = repositoryOf(name);
  const manifests: Descriptor[] = [];
  let changed = false;
  for (const { archive, name: own, platform } of images) {
    const image = await openImage(archive, platform);
    if (image === undefined) throw bad(`${archive} is no image`);
    files.use(image);
    manifests.push(image.descriptor);
    // An image may have the name of the index: then only the index has the tag.
    if (own !== name) changed = (await pushImage(image, repositoryOf(own), 'tagged')) || changed;
    changed = (await pushImage(image, together, 'untagged')) || changed;
  }
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  const described = { mediaType: INDEX, digest: digestOf(index), size: index.length };
  // What makes it visible comes last.
  changed = (await putManifest(index, described, together, together.reference.version)) || changed;
  return changed ? 'pushed' : 'same';
}

async function pushImage(image: ImageFile, repository: Repository, tagged: 'tagged' | 'untagged'): Promise<boolean> {
  const { descriptor, manifest, blobs } = image;
  const version = tagged === 'tagged' ? repository.reference.version : descriptor.digest;
  if (await hasManifest(descriptor, repository, version)) {
    for (const { digest } of blobs) remember(digest, repository);
    return false;
  }
  for (const blob of blobs) await pushBlob(blob, image, repository);
  return putManifest(manifest, descriptor, repository, version);
}

/** Whether the version already is that manifest: then its blobs are there, too. */
async function hasManifest(
  { digest, mediaType }: Descriptor,
  { client }: Repository,
  version: string,
): Promise<boolean> {
  const { response } = await client.send({
    method: 'HEAD',
    to: `manifests/${version}`,
    headers: { accept: mediaType },
  });
  return response.ok && response.headers.get('docker-content-digest') === digest;
}

async function putManifest(
  body: Buffer,
  described: Descriptor,
  repository: Repository,
  version: string,
): Promise<boolean> {
  if (await hasManifest(described, repository, version)) return false;
  const headers = { 'content-type': described.mediaType };
  await expectOk(
    await repository.client.send({ method: 'PUT', to: `manifests/${version}`, headers, body }),
    repository,
  );
  return true;
}

/** Not sent when it is there, or in another repository of the registry that lets it be taken over. */
async function pushBlob(blob: Descriptor, image: ImageFile, repository: Repository): Promise<void> {
  const { client, reference, known } = repository;
  const { digest } = blob;
  const there = await client.send({ method: 'HEAD', to: `blobs/${digest}` });
  if (!there.response.ok) {
    const from = known.get(`${reference.origin} ${digest}`);
    const session = await beginUpload(
      from === undefined ? '' : `?mount=${digest}&from=${encodeURIComponent(from)}`,
      repository,
    );
    if (session !== undefined) await upload(blob, image, { ...repository, session });
  }
  remember(digest, repository);
}

/** Where to send it; undefined when it was taken over. */
async function beginUpload(mount: string, repository: Repository): Promise<URL | undefined> {
  const begun = await repository.client.send({ method: 'POST', to: `blobs/uploads/${mount}` });
  await expectOk(begun, repository);
  return begun.response.status === 201 ? undefined : sessionOf(begun, repository);
}

const remember = (digest: string, { known, reference }: Repository): void =>
  void known.set(`${reference.origin} ${digest}`, reference.repository);

/**
 * In pieces. After a break the registry is asked how far it came, and is sent the rest; one that has given the transfer up, as
 * distribution does in the middle of a piece, is sent the blob anew.
 */
async function upload(blob: Descriptor, image: ImageFile, into: Repository & { session: URL }): Promise<void> {
  const { client, signal, bad } = into;
  let { session } = into;
  let breaks = 0;
  for (let at = 0; at < blob.size;) {
    const body = await image.read(blob.digest, at, CHUNK);
    if (body.length === 0) throw bad(`${blob.digest} is cut short`);
    const headers = { 'content-type': 'application/octet-stream', 'content-range': `${at}-${at + body.length - 1}` };
    const answer = await client.send({ method: 'PATCH', to: session, headers, body });
    await answer.response.body?.cancel();
    if (answer.response.ok) {
      at += body.length;
      session = sessionOf(answer, into);
      continue;
    }
    if (++breaks > BREAKS)
      throw bad(`${into.reference.origin} answers ${answer.response.status} in the middle of a layer`);
    await setTimeout(PAUSE, undefined, { signal });
    const asked = await client.send({ method: 'GET', to: session });
    await asked.response.body?.cancel();
    at = asked.response.ok ? endOf(asked.response.headers.get('range')) : 0;
    session = asked.response.ok ? sessionOf(asked, into) : ((await beginUpload('', into)) ?? session);
  }
  session.searchParams.set('digest', blob.digest);
  await expectOk(await client.send({ method: 'PUT', to: session }), into);
}

/** `0-1023`: what is there; registries say `0-0` of nothing, too. */
function endOf(range: string | null): number {
  const last = Number(/^(?:bytes=)?0-(\d+)$/.exec(range ?? '')?.[1] ?? 0);
  return last === 0 ? 0 : last + 1;
}

function sessionOf({ response }: Answer, { reference, bad }: Repository): URL {
  const session = URL.parse(response.headers.get('location') ?? '', reference.origin);
  if (session === null) throw bad('the registry does not say where to send a layer');
  if (session.protocol !== 'https:' && session.origin !== reference.origin)
    throw bad(`the registry wants a layer to be sent to ${session.origin}, which is not https`);
  return session;
}

async function expectOk({ response, beginning }: Answer, { reference, bad }: Repository): Promise<void> {
  if (response.ok) return void (await response.body?.cancel());
  const said = (await beginning()).slice(0, 300).trim();
  throw bad(`${reference.origin} answers ${response.status}${said === '' ? '' : `: ${said}`}`);
}
