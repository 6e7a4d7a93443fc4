import { type KeyObject, createPublicKey, sign, verify } from 'node:crypto';
import { type SharedCacheSettings, fingerprint } from './shared-cache-settings.ts';

/** A part of a shared cache with names of its own: who writes to one hides nothing of another. */
export interface Scope {
  readonly name: string;
  /** Who must have signed what is read there; undefined: anybody may write it. */
  readonly signer: KeyObject | undefined;
}

export const signedScope = (key: KeyObject): string => `signed by ${fingerprint(key)}`;
const unsignedScope = (name: string): string => `unsigned ${name}`;

/** Where to look, what is signed first. */
export function scopesToRead(
  { trusted, scope }: Pick<SharedCacheSettings, 'trusted' | 'scope'>,
  trustedOnly: boolean,
): readonly Scope[] {
  const signed = trusted.map((signer) => ({ name: signedScope(signer), signer }));
  return trustedOnly ? signed : [...signed, { name: unsignedScope(scope), signer: undefined }];
}

/** Where to write. */
export const scopeToWrite = ({ signer, scope }: Pick<SharedCacheSettings, 'signer' | 'scope'>): string =>
  signer === undefined ? unsignedScope(scope) : signedScope(createPublicKey(signer));

/** Nothing, where nothing is signed. */
export const signatureOf = (text: Buffer, signer: KeyObject | undefined): Buffer =>
  signer === undefined ? Buffer.alloc(0) : sign(null, text, signer);

export function isSigned(text: Buffer, { signer }: Scope, signature: Buffer): boolean {
  if (signer === undefined) return true;
  try {
    return verify(null, text, signer, signature);
  } catch {
    return false;
  }
}
