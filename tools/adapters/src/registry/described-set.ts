import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { limits } from '@slipway/model';
import { readForeign } from '../foreign/foreign-file.ts';
import { isRecord, parseStrictJson } from '../manifest/json.ts';
import { parseStatement } from '../manifest/statement.ts';

/** A statement about an image, in the form that registries store beside the image. */
export interface Document {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The statements of a release, and the digests of the manifests and indexes that they describe (`sha256:…`). */
export interface DescribedSet {
  readonly documents: readonly Document[];
  readonly about: ReadonlySet<string>;
}

const NONE: DescribedSet = { documents: [], about: new Set() };
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const BILLS = { '.spdx.json': 'application/spdx+json', '.cdx.json': 'application/vnd.cyclonedx+json' } as const;

/**
 * Reads the provenance of a release in a directory, its signature and its bills of materials. A signature of another
 * provenance, and a bill that differs from the provenance, are left out.
 */
export async function readDescribedSet(directory: string): Promise<DescribedSet> {
  const provenance = await readForeign(join(directory, 'provenance.json'), limits.statement.bytes);
  const statement = 'problem' in provenance ? provenance.problem : parseStatement(provenance.bytes);
  if ('problem' in provenance || typeof statement === 'string') return NONE;
  const { predicateType } = statement;
  const documents: Document[] = [
    {
      mediaType: 'application/vnd.in-toto+json',
      bytes: provenance.bytes,
      annotations: { 'in-toto.io/predicate-type': predicateType },
    },
  ];
  const bundle = await readForeign(join(directory, 'provenance.sigstore.json'), limits.signature.bytes);
  if ('bytes' in bundle && payloadOf(bundle.bytes)?.equals(provenance.bytes) === true)
    documents.push({
      mediaType: BUNDLE,
      bytes: bundle.bytes,
      annotations: {
        'dev.sigstore.bundle.content': 'dsse-envelope',
        'dev.sigstore.bundle.predicateType': predicateType,
      },
    });
  for (const { name, sha256 } of statement.subjects) {
    const ending = Object.keys(BILLS).find((each) => name.endsWith(each)) as keyof typeof BILLS | undefined;
    const read = ending === undefined ? undefined : await readForeign(join(directory, name), limits.sbom.bytes);
    if (ending === undefined || read === undefined || 'problem' in read) continue;
    if (createHash('sha256').update(read.bytes).digest('hex') !== sha256) continue;
    documents.push({
      mediaType: BILLS[ending],
      bytes: read.bytes,
      annotations: { 'org.opencontainers.image.title': name },
    });
  }
  return { documents, about: new Set(statement.images.map(({ sha256 }) => `sha256:${sha256}`)) };
}

/** The content that a bundle signs. The signature is not verified here, because that needs the key. */
function payloadOf(bundle: Buffer): Buffer | undefined {
  const parsed = parseStrictJson(bundle, limits.signature);
  const envelope = typeof parsed === 'object' && isRecord(parsed.value) ? parsed.value['dsseEnvelope'] : undefined;
  const payload = isRecord(envelope) ? envelope['payload'] : undefined;
  return typeof payload === 'string' ? Buffer.from(payload, 'base64') : undefined;
}
