import { type KeyObject, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { TrustMaterial } from '@sigstore/verify';
import { limits } from '@slipway/model';
import { parseStrictJson } from '../manifest/json.ts';

export { signingKey, writePrivateKey } from './key-file.ts';

/** The type of an in-toto statement in a DSSE envelope: https://github.com/secure-systems-lab/dsse */
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** Signs a statement with a key. Returns a Sigstore bundle as text. It uses no network and no log. */
export async function signStatement(statement: Buffer, privateKey: string): Promise<string> {
  const { bundleToJSON, toDSSEBundle } = await import('@sigstore/bundle');
  const key = createPrivateKey(privateKey);
  const type = `DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${statement.length} `;
  const signature = sign('sha256', Buffer.concat([Buffer.from(type), statement]), key);
  const keyHint = hintOf(createPublicKey(privateKey));
  const bundle = toDSSEBundle({ artifact: statement, artifactType: PAYLOAD_TYPE, signature, keyHint });
  // Sigstore's own bundles have none either. Cosign compares a keyid with the name that it gives the key, and finds a
  // difference.
  for (const signed of bundle.content.dsseEnvelope.signatures) signed.keyid = '';
  return `${JSON.stringify(bundleToJSON(bundle), undefined, 1)}\n`;
}

/**
 * Why a bundle is not a signature of that statement by that key; undefined if it is one. The key decides, so slipway
 * asks no log and trusts no timestamp of others. Returns the library's complaint about a bundle, and throws other
 * errors of the library.
 */
export async function signatureProblem(
  bundle: Uint8Array,
  statement: Buffer,
  publicKey: string,
): Promise<string | undefined> {
  const json = parseStrictJson(bundle, limits.signature);
  if (typeof json === 'string') return json;
  // Loaded on demand, because every command would start later.
  const { bundleFromJSON, ValidationError } = await import('@sigstore/bundle');
  const { Verifier, toSignedEntity, VerificationError } = await import('@sigstore/verify');
  const parsed = parsedBundle(() => bundleFromJSON(json.value), ValidationError);
  if (typeof parsed === 'string') return parsed;
  if (parsed.content.$case !== 'dsseEnvelope') return 'it is not an envelope of a statement';
  if (parsed.content.dsseEnvelope.payloadType !== PAYLOAD_TYPE) return 'what it signs is not an in-toto statement';
  if (!parsed.content.dsseEnvelope.payload.equals(statement)) return 'it signs another statement';
  if (parsed.verificationMaterial.content.$case !== 'publicKey')
    return 'it is signed with a certificate, not with a key';
  const key = createPublicKey(publicKey);
  const trusted: TrustMaterial = {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey: key, validFor: () => true }),
  };
  const none = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };
  try {
    new Verifier(trusted, none).verify({ ...toSignedEntity(parsed), tlogEntries: [], timestamps: [] });
    return undefined;
  } catch (error) {
    if (error instanceof VerificationError && error.code === 'SIGNATURE_ERROR') return 'it is not signed by this key';
    throw error;
  }
}

/**
 * Returns a text for an invalid bundle, which may come from anybody. The library reads fields before it checks that
 * they exist.
 */
function parsedBundle(parse: () => Bundle, invalid: new (...words: never[]) => Error): Bundle | string {
  try {
    return parse();
  } catch (error) {
    if (error instanceof invalid || error instanceof TypeError)
      return `it is not a Sigstore bundle: ${error.message.split('\n')[0]!}`;
    throw error;
  }
}

/** Distinguishes keys. It proves nothing. */
const hintOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
