import { type KeyObject, createPublicKey, sign, verify } from 'node:crypto';
import type { Store } from './port.ts';
import { type SharedCacheSettings, fingerprint } from './shared-cache-settings.ts';

/** A separate part of a shared cache. Writers of one scope cannot hide entries of another. */
export interface Scope {
  readonly name: string;
  /** The required signer of its records; undefined: anybody may write. */
  readonly signer: KeyObject | undefined;
}

export const signedScope = (key: KeyObject): string => `signed by ${fingerprint(key)}`;
/** Scope of results that a cluster made. They are neither this machine's own nor signed. */
export const executedBy = (cluster: string): string => `executed by ${cluster}`;
export const isExecuted = (scope: string | undefined): boolean => scope?.startsWith(executedBy('')) === true;
const unsignedScope = (name: string): string => `unsigned ${name}`;

/** Which records slipway uses. */
export interface Belief {
  /** Use only records signed by a trusted key, and this machine's own: for releases, and for writers that sign. */
  readonly trustedOnly: boolean;
  readonly trusted: readonly KeyObject[];
  /** The cluster of this run. Its earlier results are trusted equally. */
  readonly cluster?: string | undefined;
}

/** Records without a scope were made here and are trusted like this machine. */
export const believes = ({ trustedOnly, trusted, cluster }: Belief, scope: string | undefined): boolean =>
  scope === undefined ||
  !trustedOnly ||
  (cluster !== undefined && scope === executedBy(cluster)) ||
  trusted.some((key) => signedScope(key) === scope);

/** A store that finds only trusted records. */
export const believingStore = (store: Store, belief: Belief): Store => ({
  async find(key, purpose) {
    const record = await store.find(key, purpose);
    return record !== undefined && believes(belief, record.scope) ? record : undefined;
  },
  take: (file, to) => store.take(file, to),
  add: (record, files) => store.add(record, files),
  exclusively: (keys, work, exclusion) => store.exclusively(keys, work, exclusion),
});

/** The scopes to read, signed ones first. */
export function scopesToRead(
  { trusted, scope }: Pick<SharedCacheSettings, 'trusted' | 'scope'>,
  trustedOnly: boolean,
): readonly Scope[] {
  const signed = trusted.map((signer) => ({ name: signedScope(signer), signer }));
  return trustedOnly ? signed : [...signed, { name: unsignedScope(scope), signer: undefined }];
}

/** The scope to write. */
export const scopeToWrite = ({ signer, scope }: Pick<SharedCacheSettings, 'signer' | 'scope'>): string =>
  signer === undefined ? unsignedScope(scope) : signedScope(createPublicKey(signer));

/** Empty without a signature. */
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
