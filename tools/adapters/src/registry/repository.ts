import { setTimeout } from 'node:timers/promises';
import type { FailureError, Meter } from '@slipway/model';
import type { Answer } from '../network/fetch-in-time.ts';
import type { RegistryClient } from './client.ts';
import { type Descriptor, type ImageFile, digestOf } from './image-file.ts';
import type { Reference } from './reference.ts';
import { refusalOf } from './refusal.ts';

/** A registry may require at least 5 MiB in each piece, and a break costs at most this much. */
const CHUNK = 16 << 20;
/** How often an interrupted upload resumes, and the milliseconds before each try. */
const BREAKS = 5;
const PAUSE = 1000;

/** Places of known blobs, from which a registry can mount them. By origin and digest. */
export type KnownPlaces = Map<string, string>;

export interface Repository {
  readonly reference: Reference;
  readonly client: RegistryClient;
  readonly known: KnownPlaces;
  readonly meter?: Meter | undefined;
  readonly signal: AbortSignal;
  bad(fact: string, hint?: string): FailureError;
}

/** Reports whether the tag already names that manifest; then its blobs exist, too. */
export async function hasManifest(
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

export async function putManifest(
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

/** Where the bytes of a blob come from. */
type Source = Pick<ImageFile, 'read'>;

/** A small blob, from memory. */
export const uploadBytes = (bytes: Buffer, repository: Repository): Promise<void> =>
  pushBlob(
    { mediaType: '', digest: digestOf(bytes), size: bytes.length },
    { read: async (_digest, at, count) => bytes.subarray(at, at + count) },
    repository,
  );

/** Not sent if it exists, or if the registry mounts it from another repository. */
export async function pushBlob(blob: Descriptor, image: Source, repository: Repository): Promise<void> {
  const { client, known } = repository;
  const { digest } = blob;
  const there = await client.send({ method: 'HEAD', to: `blobs/${digest}` });
  if (!there.response.ok) {
    const from = known.get(`${client.origin} ${digest}`);
    const session = await beginUpload(
      from === undefined ? '' : `?mount=${digest}&from=${encodeURIComponent(from)}`,
      repository,
    );
    if (session !== undefined) await upload(blob, image, { ...repository, session });
  }
  remember(digest, repository);
}

/** The upload URL; undefined if it was mounted. */
async function beginUpload(mount: string, repository: Repository): Promise<URL | undefined> {
  const begun = await repository.client.send({ method: 'POST', to: `blobs/uploads/${mount}` });
  await expectOk(begun, repository);
  return begun.response.status === 201 ? undefined : sessionOf(begun, repository);
}

export const remember = (digest: string, { known, client, reference }: Repository): void =>
  void known.set(`${client.origin} ${digest}`, reference.repository);

/**
 * Uploads in pieces. After a break it asks the registry for the received length and sends the rest. If the registry
 * dropped the upload, as distribution does in the middle of a piece, it sends the blob again.
 */
async function upload(blob: Descriptor, image: Source, into: Repository & { session: URL }): Promise<void> {
  const { client, signal, bad } = into;
  let { session } = into;
  into.meter?.expect(blob.size);
  let breaks = 0;
  for (let at = 0; at < blob.size;) {
    const body = await image.read(blob.digest, at, CHUNK);
    if (body.length === 0) throw bad(`${blob.digest} is cut short`);
    const headers = { 'content-type': 'application/octet-stream', 'content-range': `${at}-${at + body.length - 1}` };
    const answer = await client.send({ method: 'PATCH', to: session, headers, body });
    await answer.response.body?.cancel();
    if (answer.response.ok) {
      at += body.length;
      into.meter?.moved(body.length);
      session = sessionOf(answer, into);
      continue;
    }
    if (++breaks > BREAKS) throw bad(`${client.origin} answers ${answer.response.status} in the middle of a layer`);
    await setTimeout(PAUSE, undefined, { signal });
    const asked = await client.send({ method: 'GET', to: session });
    await asked.response.body?.cancel();
    at = asked.response.ok ? endOf(asked.response.headers.get('range')) : 0;
    session = asked.response.ok ? sessionOf(asked, into) : ((await beginUpload('', into)) ?? session);
  }
  session.searchParams.set('digest', blob.digest);
  await expectOk(await client.send({ method: 'PUT', to: session }), into);
}

/** `0-1023`: the received range. Registries also say `0-0` for nothing. */
function endOf(range: string | null): number {
  const last = Number(/^(?:bytes=)?0-(\d+)$/.exec(range ?? '')?.[1] ?? 0);
  return last === 0 ? 0 : last + 1;
}

function sessionOf({ response }: Answer, { client: { origin }, bad }: Repository): URL {
  const session = URL.parse(response.headers.get('location') ?? '', origin);
  if (session === null) throw bad('the registry does not say where to send a layer');
  if (session.protocol !== 'https:' && session.origin !== origin)
    throw bad(`the registry wants a layer to be sent to ${session.origin}, which is not https`);
  return session;
}

async function expectOk(answer: Answer, { client, bad }: Repository): Promise<void> {
  if (answer.response.ok) return void (await answer.response.body?.cancel());
  throw await refusalOf(answer, { ...client, bad });
}
