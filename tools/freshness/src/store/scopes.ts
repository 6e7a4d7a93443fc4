import { type KeyObject, createPublicKey, sign, verify } from 'node:crypto';
import type { Store } from './port.ts';
import { type SharedCacheSettings, fingerprint } from './shared-cache-settings.ts';

/** A part of a shared cache with names of its own: who writes to one hides nothing of another. */
export interface Scope {
  readonly name: string;
  /** Who must have signed what is read there; undefined: anybody may write it. */
  readonly signer: KeyObject | undefined;
}

export const signedScope = (key: KeyObject): string => `signed by ${fingerprint(key)}`;
/** Of what a cluster made: not this machine's own, and signed by nobody. */
export const executedBy = (cluster: string): string => `executed by ${cluster}`;
export const isExecuted = (scope: string | undefined): boolean => scope?.startsWith(executedBy('')) === true;
const unsignedScope = (name: string): string => `unsigned ${name}`;

/** Whose records are used. */
export interface Belief {
  /** Only what a trusted key signed, and what this machine made: for releases, and for whoever signs. */
  readonly trustedOnly: boolean;
  readonly trusted: readonly KeyObject[];
  /** Where this run itself has things made: what was made there before is believed as much. */
  readonly cluster?: string | undefined;
}

/** What was made here, and has no scope, is trusted as much as this machine is. */
export const believes = ({ trustedOnly, trusted, cluster }: Belief, scope: string | undefined): boolean =>
  scope === undefined ||
  !trustedOnly ||
  (cluster !== undefined && scope === executedBy(cluster)) ||
  trusted.some((key) => signedScope(key) === scope);

/** A store in which nothing else is found. */
export const believingStore = (store: Store, belief: Belief): Store => ({
  async find(key, purpose) {
    const record = await store.find(key, purpose);
    return record !== undefined && believes(belief, record.scope) ? record : undefined;
  },
  take: (file, to) => store.take(file, to),
  add: (record, files) => store.add(record, files),
  exclusively: (keys, work, exclusion) => store.exclusively(keys, work, exclusion),
});

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
