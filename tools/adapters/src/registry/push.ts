import { type Environment, FailureError } from '@slipway/model';
import type { TimeLimits } from '../network/fetch-in-time.ts';
import { ociPlatform } from '../oci/oci-platform.ts';
import { attach } from './attach.ts';
import { registryClient } from './client.ts';
import { readDescribedSet } from './described-set.ts';
import { type Descriptor, type ImageFile, openImage } from './image-file.ts';
import type { Pushed, Pushing } from './port.ts';
import { AT_ONCE, encoded, putIndex } from './put-index.ts';
import { parseReference } from './reference.ts';
import { type KnownPlaces, type Repository, hasManifest, pushBlob, putManifest, remember } from './repository.ts';
import { type Index, type Tagged, mergedIndex, otherVersion, whatIsTagged } from './tags.ts';

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
    if (file === undefined) throw together.bad(`${archive} is not an image`);
    files.use(file);
    // If an image has the index's name, only the index gets the tag.
    images.push({ file, own: own === pushing.name ? undefined : await repositoryOf(own, pushing, around) });
  }
  const index = { manifests: images.map(({ file }) => file.descriptor), annotations: pushing.annotations };
  const owned = images.flatMap(({ file, own }) => (own === undefined ? [] : [{ file, own }]));
  // Checked before anything is sent, and again after everything was sent.
  if (!pushing.moveTags) {
    merged(index, await whatIsTagged(together.reference.version, together), together, MOVE);
    for (const { file, own } of owned) await refuseOther(file.descriptor, own, MOVE);
  }
  const set = await readDescribedSet(pushing.set);
  let changed = false;
  let documents = 0;
  for (const { file, own } of images) {
    // A parallel push to the same index finds this image by its own name. By then it is in both repositories.
    changed = (await pushImage(file, together, 'untagged')) || changed;
    if (own !== undefined) changed = (await pushImage(file, own, 'tagged')) || changed;
    for (const repository of own === undefined ? [together] : [own, together])
      documents += await attach(set, file.descriptor, repository);
  }
  // The tag that makes it visible comes last.
  changed = (await pushIndex(index, together, pushing, around)) || changed;
  if (!pushing.moveTags) for (const { file, own } of owned) await refuseOther(file.descriptor, own, AT_ONCE);
  // A release describes the index of its own images. With others it would be a different index.
  const released = encoded(alone(index)).descriptor;
  if (await hasManifest(released, together, released.digest)) documents += await attach(set, released, together);
  const isDescribed = images.some(({ file }) => set.about.has(file.descriptor.digest));
  return { is: changed || documents > 0 ? 'pushed' : 'same', documents, isDescribed };
}

/** The index that a push to a free tag creates. */
const alone = (index: Index): Index => (mergedIndex(undefined, index) as { readonly index: Index }).index;

/** Includes images of the same version that parallel pushes announced, which may not have seen each other. */
function pushIndex(index: Index, together: Repository, pushing: Pushing, around: Around): Promise<boolean> {
  let hint = MOVE;
  return putIndex(
    together.reference.version,
    async (there) => {
      if (pushing.moveTags && 'fact' in mergedIndex(there, index)) return alone(index);
      const others = pushing.moveTags ? [] : await announced(index, together, pushing, around);
      const whole = merged({ ...index, manifests: [...index.manifests, ...others] }, there, together, hint);
      hint = AT_ONCE;
      return whole;
    },
    together,
  );
}

/** Images of the same version by other platforms' names, which are also in the repository of the index. */
async function announced(
  index: Index,
  together: Repository,
  pushing: Pushing,
  around: Around,
): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = [];
  for (const { name, platform } of pushing.others) {
    const there = await readable(() => taggedAs(name, pushing, around));
    if (there === undefined || there.index !== undefined || otherVersion(there, index) !== undefined) continue;
    const { mediaType, digest, size } = there;
    if (await hasManifest(there, together, digest))
      found.push({ mediaType, digest, size, platform: ociPlatform(platform) });
  }
  return found;
}

async function taggedAs(name: string, pushing: Pushing, around: Around): Promise<Tagged | undefined> {
  const repository = await repositoryOf(name, pushing, around);
  return whatIsTagged(repository.reference.version, repository);
}

/** A user who may push one image may lack the permission to read the others. */
async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FailureError && error.failures[0]?.code === 'NOT_PUSHED') return undefined;
    throw error;
  }
}

async function repositoryOf(name: string, { name: all, signal, meter }: Pushing, around: Around): Promise<Repository> {
  const bad = (fact: string, hint?: string): FailureError =>
    new FailureError({ code: 'NOT_PUSHED', image: name || all, fact, ...(hint === undefined ? {} : { hint }) });
  const reference = parseReference(name);
  if (reference === undefined) throw bad(`${name} does not name its registry`);
  const client = await registryClient(reference, { ...around, signal, bad });
  return { reference, client, known: around.known, meter, signal, bad };
}

/** Undefined if the tag already contains everything. */
function merged(own: Index, there: Tagged | undefined, { bad }: Repository, hint: string): Index | undefined {
  const whole = mergedIndex(there, own);
  if ('fact' in whole) throw bad(whole.fact, hint);
  return whole.adds ? whole.index : undefined;
}

/** The tag of one image names that image, or nothing. */
async function refuseOther({ digest }: Descriptor, repository: Repository, hint: string): Promise<void> {
  const there = await whatIsTagged(repository.reference.version, repository);
  if (there !== undefined && there.digest !== digest)
    throw repository.bad(`it names ${there.digest} now, not ${digest}`, hint);
}

const MOVE =
  'nothing was sent; give these images another tag (KUBE_DOCKER_IMAGE_TAG=), or use --move-tags to move the tag to them';

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
