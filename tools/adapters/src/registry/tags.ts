import { limits } from '@slipway/model';
import { reasonOf } from '../network/fetch-in-time.ts';
import type { RegistryClient } from './client.ts';
import type { Asking } from './connect.ts';
import { type Descriptor, digestOf } from './image-file.ts';
import { MANIFESTS, parseManifest } from './manifest.ts';
import { refusalOf } from './refusal.ts';

export const INDEX = 'application/vnd.oci.image.index.v1+json';

/** The annotations with the version of images. An index has them beside its platforms. */
const VERSION = ['org.opencontainers.image.version', 'org.opencontainers.image.revision'] as const;

export interface Index {
  readonly manifests: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** The manifest that a tag names now. */
export interface Tagged extends Descriptor {
  /** Undefined for an image, which is not an index. */
  readonly index: Index | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

type Speaking = Pick<Asking, 'bad' | 'signal'> & { readonly client: RegistryClient };

/** Undefined for a free tag. Throws for content that cannot be read. */
export async function whatIsTagged(version: string, { client, bad, signal }: Speaking): Promise<Tagged | undefined> {
  const answer = await client.send({ method: 'GET', to: `manifests/${version}`, headers: { accept: MANIFESTS } });
  if (answer.response.status === 404) return void (await answer.response.body?.cancel());
  if (!answer.response.ok) throw await refusalOf(answer, { ...client, bad });
  const text = await answer.bytes(limits.registry.manifest).catch((error: unknown) => {
    signal.throwIfAborted();
    throw bad(`what ${version} names now: ${reasonOf(error)}`);
  });
  const { mediaType = '', manifests, annotations = {} } = parseManifest(text, bad);
  const index = manifests === undefined ? undefined : { manifests, annotations };
  return { mediaType, digest: digestOf(text), size: text.length, index, annotations };
}

/** `linux/arm64`. The default variants are left out: v8 of arm64, and v7 of arm. */
export function platformOf({ platform }: Descriptor): string {
  const { os = 'unknown', architecture = 'unknown', variant } = platform ?? {};
  const usual =
    variant === undefined || `${architecture} ${variant}` === 'arm64 v8' || `${architecture} ${variant}` === 'arm v7';
  return usual ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** The first annotation with another version. */
export const otherVersion = (
  one: Pick<Index, 'annotations'>,
  another: Pick<Index, 'annotations'>,
): (typeof VERSION)[number] | undefined => VERSION.find((name) => one.annotations[name] !== another.annotations[name]);

export type Merged = { readonly index: Index; readonly adds: boolean } | { readonly fact: string };

/**
 * Adds images to the index of a tag. None of its images is removed or replaced. Returns a fact if that is impossible:
 * the tag has another version, or another image for a platform.
 */
export function mergedIndex(there: Pick<Tagged, 'digest' | 'index'> | undefined, own: Index): Merged {
  if (there === undefined) return { index: inOrder(own), adds: true };
  const { index } = there;
  if (index === undefined)
    return own.manifests.some(({ digest }) => digest === there.digest)
      ? { index: inOrder(own), adds: true }
      : { fact: `it names one image now, ${there.digest}` };
  const other = otherVersion(index, own);
  const byPlatform = new Map(index.manifests.map((each) => [platformOf(each), each]));
  const moved = own.manifests.find((each) => (byPlatform.get(platformOf(each)) ?? each).digest !== each.digest);
  if (moved !== undefined)
    return {
      fact: `its ${platformOf(moved)} is ${byPlatform.get(platformOf(moved))!.digest} now, not ${moved.digest}`,
    };
  const added = own.manifests.filter((each) => !byPlatform.has(platformOf(each)));
  if (added.length === 0) return { index, adds: false };
  if (other !== undefined && added.length === own.manifests.length)
    return {
      fact: `it is of ${other.split('.').at(-1)} ${index.annotations[other] ?? 'unknown'} now, not ${own.annotations[other] ?? 'unknown'}`,
    };
  return { index: inOrder({ manifests: [...index.manifests, ...added], annotations: own.annotations }), adds: true };
}

/** The order does not depend on the order of pushes. */
const inOrder = ({ manifests, annotations }: Index): Index => ({
  manifests: manifests.toSorted((a, b) => (platformOf(a) < platformOf(b) ? -1 : platformOf(a) > platformOf(b) ? 1 : 0)),
  annotations,
});

/** The bytes of an index, which decide its digest. */
export const indexText = ({ manifests, annotations }: Index): string =>
  JSON.stringify({
    ...{ schemaVersion: 2, mediaType: INDEX, manifests },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  });
