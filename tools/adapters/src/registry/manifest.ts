import { type FailureError, limits } from '@slipway/model';
import { isRecord, parseStrictJson } from '../manifest/json.ts';
import type { Descriptor } from './image-file.ts';

/** The accepted media types of a manifest, the preferred one first. */
export const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** The parts of a manifest that slipway reads. */
export interface Manifest {
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** For an index. */
  readonly manifests?: readonly Descriptor[];
  /** For an image. */
  readonly image?: { readonly config: Descriptor; readonly layers: readonly Descriptor[] };
}

type Bad = (fact: string) => FailureError;

/** Checks a manifest before its contents are requested, because a digest becomes a part of a URL and of a path. */
export function parseManifest(text: Buffer, bad: Bad): Manifest {
  const parsed = parseStrictJson(text, limits.registry);
  if (typeof parsed === 'string') throw bad(`its manifest: ${parsed}`);
  const { mediaType, manifests, config, layers, annotations } = isRecord(parsed.value) ? parsed.value : {};
  return {
    ...(typeof mediaType === 'string' ? { mediaType } : {}),
    ...(isRecord(annotations) ? { annotations: texts(annotations) } : {}),
    ...(manifests === undefined ? {} : { manifests: descriptors(manifests, limits.registry.manifests, bad) }),
    ...(config === undefined || layers === undefined
      ? {}
      : { image: { config: descriptor(config, bad), layers: descriptors(layers, limits.image.layers, bad) } }),
  };
}

function descriptors(list: unknown, most: number, bad: Bad): Descriptor[] {
  if (!Array.isArray(list) || list.length > most) throw bad(`its manifest has no list of at most ${most} digests`);
  return list.map((each) => descriptor(each, bad));
}

function descriptor(said: unknown, bad: Bad): Descriptor {
  const { mediaType = '', digest, size, platform, annotations, artifactType } = isRecord(said) ? said : {};
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw bad(`${JSON.stringify(digest)?.slice(0, 100)} is not a sha256 digest`);
  if (!Number.isSafeInteger(size) || (size as number) < 0 || (size as number) > limits.registry.blob)
    throw bad(`${digest} has no size, or one of more than ${limits.registry.blob} bytes`);
  const { os, architecture, ...more } = isRecord(platform) ? texts(platform) : {};
  return {
    mediaType: String(mediaType),
    digest,
    size: size as number,
    ...(typeof artifactType === 'string' ? { artifactType } : {}),
    ...(os === undefined || architecture === undefined ? {} : { platform: { architecture, os, ...more } }),
    ...(isRecord(annotations) ? { annotations: texts(annotations) } : {}),
  };
}

const texts = (record: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
