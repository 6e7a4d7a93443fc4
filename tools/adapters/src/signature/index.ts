import { type KeyObject, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { TrustMaterial } from '@sigstore/verify';
import { limits } from '@slipway/model';
import { parseStrictJson } from '../manifest/json.ts';

export { signingKey, writePrivateKey } from './key-file.ts';

/** Of an in-toto statement in a DSSE envelope: https://github.com/secure-systems-lab/dsse */
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** A statement signed by a key: a Sigstore bundle, as text. No network and no log is involved. */
export async function signStatement(statement: Buffer, privateKey: string): Promise<string> {
  const { bundleToJSON, toDSSEBundle } = await import('@sigstore/bundle');
  const key = createPrivateKey(privateKey);
  const type = `DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${statement.length} `;
  const signature = sign('sha256', Buffer.concat([Buffer.from(type), statement]), key);
  const keyHint = hintOf(createPublicKey(privateKey));
  const bundle = toDSSEBundle({ artifact: statement, artifactType: PAYLOAD_TYPE, signature, keyHint });
  return `${JSON.stringify(bundleToJSON(bundle), undefined, 1)}\n`;
}

/** Why a bundle is no signature of that statement by that key; undefined when it is one. */
export async function signatureProblem(
  bundle: Uint8Array,
  statement: Buffer,
  publicKey: string,
): Promise<string | undefined> {
  // Read only by who needs them: every command would start later.
  const { bundleFromJSON } = await import('@sigstore/bundle');
  const { Verifier, toSignedEntity } = await import('@sigstore/verify');
  const key = createPublicKey(publicKey);
  const json = parseStrictJson(bundle, limits.signature);
  if (typeof json === 'string') return json;
  try {
    const parsed = bundleFromJSON(json.value);
    if (parsed.content.$case !== 'dsseEnvelope') return 'it is no envelope of a statement';
    if (parsed.content.dsseEnvelope.payloadType !== PAYLOAD_TYPE) return 'what it signs is no in-toto statement';
    if (!parsed.content.dsseEnvelope.payload.equals(statement)) return 'it signs another statement';
    const trusted: TrustMaterial = {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: () => ({ publicKey: key, validFor: () => true }),
    };
    const none = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };
    new Verifier(trusted, none).verify(toSignedEntity(parsed));
    return undefined;
  } catch (error) {
    return `it is not signed by this key (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** Tells keys apart; proves nothing. */
const hintOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
