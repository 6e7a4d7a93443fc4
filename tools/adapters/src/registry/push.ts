import { type Environment, FailureError } from '@slipway/model';
import type { TimeLimits } from '../network/fetch-in-time.ts';
import { attach } from './attach.ts';
import { registryClient } from './client.ts';
import { readDescribedSet } from './described-set.ts';
import { type Descriptor, type ImageFile, digestOf, openImage } from './image-file.ts';
import type { Pushed, Pushing } from './port.ts';
import { parseReference } from './reference.ts';
import { type KnownPlaces, type Repository, hasManifest, pushBlob, putManifest, remember } from './repository.ts';
import { INDEX, type Index, indexText, mergedIndex, whatIsTagged } from './tags.ts';

export interface Around {
  readonly environment: Environment;
  readonly timeLimits: TimeLimits | undefined;
  readonly known: KnownPlaces;
}

export async function pushImages(pushing: Pushing, around: Around): Promise<Pushed> {
  await using files = new AsyncDisposableStack();
  const together = await repositoryOf(pushing.name, pushing, around);
  const images: { readonly file: ImageFile; readonly own: Repository | undefined }[] = [];
  for (const { archive, name: own, platform } of pushing.images) {
    const file = await openImage(archive, platform);
    if (file === undefined) throw together.bad(`${archive} is no image`);
    files.use(file);
    // An image may have the name of the index: then only the index has the tag.
    images.push({ file, own: own === pushing.name ? undefined : await repositoryOf(own, pushing, around) });
  }
  const index = { manifests: images.map(({ file }) => file.descriptor), annotations: pushing.annotations };
  // Looked at before anything is sent, and the last one again.
  if (!pushing.moveTags) {
    await indexFor(index, together, pushing);
    for (const { file, own } of images) if (own !== undefined) await refuseOther(file.descriptor, own);
  }
  const set = await readDescribedSet(pushing.set);
  let changed = false;
  let documents = 0;
  for (const { file, own } of images) {
    if (own !== undefined) changed = (await pushImage(file, own, 'tagged')) || changed;
    changed = (await pushImage(file, together, 'untagged')) || changed;
    for (const repository of own === undefined ? [together] : [own, together])
      documents += await attach(set, file.descriptor, repository);
  }
  // What makes it visible comes last.
  const whole = await indexFor(index, together, pushing);
  if (whole !== undefined)
    changed = (await putManifest(indexBody(whole), described(whole), together, together.reference.version)) || changed;
  // A release describes the index of its own images: with others beside them it is another one.
  const released = described(alone(index));
  if (await hasManifest(released, together, released.digest)) documents += await attach(set, released, together);
  const isDescribed = images.some(({ file }) => set.about.has(file.descriptor.digest));
  return { is: changed || documents > 0 ? 'pushed' : 'same', documents, isDescribed };
}

const indexBody = (index: Index): Buffer => Buffer.from(indexText(index));
const described = (index: Index): Descriptor => {
  const body = indexBody(index);
  return { mediaType: INDEX, digest: digestOf(body), size: body.length };
};
/** As a push to a tag that is free makes it. */
const alone = (index: Index): Index => (mergedIndex(undefined, index) as { readonly index: Index }).index;

async function repositoryOf(name: string, { name: all, signal }: Pushing, around: Around): Promise<Repository> {
  const bad = (fact: string, hint?: string): FailureError =>
    new FailureError({ code: 'NOT_PUSHED', image: name || all, fact, ...(hint === undefined ? {} : { hint }) });
  const reference = parseReference(name);
  if (reference === undefined) throw bad(`${name} does not say in which registry it is`);
  const client = await registryClient(reference, { ...around, signal, bad });
  return { reference, client, known: around.known, signal, bad };
}

/** Undefined when the tag has all of it. */
async function indexFor(own: Index, repository: Repository, { moveTags }: Pushing): Promise<Index | undefined> {
  const there = await whatIsTagged(repository.reference.version, repository);
  const merged = mergedIndex(there, own);
  if (!('fact' in merged)) return merged.adds ? merged.index : undefined;
  if (!moveTags) throw repository.bad(merged.fact, MOVE);
  return alone(own);
}

/** The tag of one image names that one, or nothing. */
async function refuseOther({ digest }: Descriptor, repository: Repository): Promise<void> {
  const there = await whatIsTagged(repository.reference.version, repository);
  if (there !== undefined && there.digest !== digest)
    throw repository.bad(`it names ${there.digest} now, not ${digest}`, MOVE);
}

const MOVE =
  'nothing was sent; give these images another tag (KUBE_DOCKER_IMAGE_TAG=), or say --move-tags to have the name for them';

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
