import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { signStatement, signatureProblem } from './index.ts';

const statement = Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}');
const { privateKey, publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const { publicKey: other } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

interface Bundle {
  verificationMaterial: Record<string, unknown>;
  dsseEnvelope: { payload: string; signatures: { sig: string; keyid?: string }[] };
}
/** Why the changed bundle is refused. */
async function problemOf(change: (bundle: Bundle) => void, key = publicKey): Promise<string | undefined> {
  const bundle = JSON.parse(await signStatement(statement, privateKey)) as Bundle;
  change(bundle);
  return signatureProblem(Buffer.from(JSON.stringify(bundle)), statement, key);
}

afterEach(() => void vi.doUnmock('@sigstore/verify'));

test('a signature names no key, because cosign would look for a key of that name', async () => {
  const { dsseEnvelope } = JSON.parse(await signStatement(statement, privateKey)) as Bundle;
  expect(dsseEnvelope.signatures.map(({ keyid }) => keyid ?? '')).toEqual(['']);
  expect(await problemOf(() => {})).toBeUndefined();
});

test('a signature that names a key, as in older sets, is valid', async () => {
  expect(await problemOf(({ dsseEnvelope }) => void (dsseEnvelope.signatures[0]!.keyid = 'x'))).toBeUndefined();
});

test('a broken bundle is refused with the reason', async () => {
  expect(await problemOf(() => {}, other)).toBe('it is not signed by this key');
  const forged = ({ dsseEnvelope }: Bundle): void => void (dsseEnvelope.signatures[0]!.sig = 'AAAA');
  expect(await problemOf(forged)).toBe('it is not signed by this key');
  const unsigned = ({ dsseEnvelope }: Bundle): void => void (dsseEnvelope.signatures = []);
  expect(await problemOf(unsigned)).toMatch(/^it is not a Sigstore bundle: /);
  expect(await problemOf((bundle) => void (bundle.verificationMaterial = {}))).toMatch(
    /^it is not a Sigstore bundle: /,
  );
  const elsewhere = ({ dsseEnvelope }: Bundle): void => void (dsseEnvelope.payload = 'AAAA');
  expect(await problemOf(elsewhere)).toBe('it signs another statement');
});

test('a bundle with a log entry is judged by its key, without a question to the log', async () => {
  const inclusionProof = { logIndex: '1', rootHash: 'AAAA', treeSize: '2', hashes: [], checkpoint: { envelope: 'x' } };
  const entry = { logIndex: '1', logId: { keyId: 'AAAA' }, kindVersion: { kind: 'dsse', version: '0.0.1' } };
  const logged = ({ verificationMaterial }: Bundle): void =>
    void (verificationMaterial['tlogEntries'] = [{ ...entry, inclusionProof, canonicalizedBody: 'AAAA' }]);
  expect(await problemOf(logged)).toBeUndefined();
});

test('an error of the library is not a statement about the signer', async () => {
  vi.doMock('@sigstore/verify', async (original) => ({
    ...(await original<object>()),
    Verifier: class {
      verify(): never {
        throw new TypeError('crypto is not here');
      }
    },
  }));
  await expect(problemOf(() => {})).rejects.toThrow('crypto is not here');
});
