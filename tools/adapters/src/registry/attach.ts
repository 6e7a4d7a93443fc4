import { type Document, type DescribedSet } from './described-set.ts';
import { type Descriptor, digestOf } from './image-file.ts';
import { type Repository, putManifest, uploadBytes } from './repository.ts';
import { putIndex } from './put-index.ts';
import { INDEX, type Index, type Tagged } from './tags.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
/** The config of a manifest without one. */
const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') };

/**
 * Attaches the documents of a release to an image that the release describes. Returns how many the registry did not
 * have.
 */
export async function attach(set: DescribedSet, subject: Descriptor, repository: Repository): Promise<number> {
  if (!set.about.has(subject.digest)) return 0;
  const put: Descriptor[] = [];
  let added = 0;
  for (const document of set.documents) {
    const body = Buffer.from(JSON.stringify(manifestOf(document, subject)));
    const described = { mediaType: MANIFEST, digest: digestOf(body), size: body.length };
    for (const bytes of [EMPTY.bytes, document.bytes]) await uploadBytes(bytes, repository);
    if (await putManifest(body, described, repository, described.digest)) added += 1;
    put.push({ ...described, artifactType: document.mediaType, annotations: document.annotations });
  }
  if (!(await hasReferrers(subject, repository))) await tagReferrers(subject, put, repository);
  return added;
}

const manifestOf = (
  { mediaType, bytes, annotations }: Document,
  { mediaType: of, digest, size }: Descriptor,
): object => ({
  ...{ schemaVersion: 2, mediaType: MANIFEST, artifactType: mediaType },
  config: { mediaType: EMPTY.mediaType, digest: digestOf(EMPTY.bytes), size: EMPTY.bytes.length },
  layers: [{ mediaType, digest: digestOf(bytes), size: bytes.length }],
  subject: { mediaType: of, digest, size },
  annotations,
});

/** Reports whether the registry has the referrers API. */
async function hasReferrers({ digest }: Descriptor, { client }: Repository): Promise<boolean> {
  const { response } = await client.send({ method: 'GET', to: `referrers/${digest}`, headers: { accept: INDEX } });
  await response.body?.cancel();
  return response.ok && (response.headers.get('content-type') ?? '').startsWith(INDEX);
}

/**
 * Without the referrers API, clients look for an index under a tag made of the digest. Other entries of that index
 * stay.
 */
async function tagReferrers(
  { digest }: Descriptor,
  added: readonly Descriptor[],
  repository: Repository,
): Promise<void> {
  const merge = (there: Tagged | undefined): Index | undefined => {
    const known = there?.index?.manifests ?? [];
    const missing = added.filter((each) => !known.some((other) => other.digest === each.digest));
    if (missing.length === 0) return undefined;
    return { manifests: [...known, ...missing], annotations: there?.index?.annotations ?? {} };
  };
  await putIndex(digest.replace(':', '-'), merge, repository);
}
