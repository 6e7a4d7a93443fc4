import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PublishedSet, saidSets } from '@slipway/testing';
import { realOutputFiles } from '@slipway/adapters';
import { signPublished } from './sign.ts';
import { verifyPublished, whatOf } from './verify-set.ts';

let parent: string;
let set: PublishedSet;
let dir: string;
const at = (name: string): string => join(dir, name);
/** The checks, and their problems. */
const verify = async (keyFile?: string) =>
  (await verifyPublished(dir, { keyFile })).map((finding) => ({ what: whatOf(finding), wrong: finding.wrong }));
const wrongIn = async (keyFile?: string): Promise<string> =>
  (await verify(keyFile))
    .filter(({ wrong }) => wrong !== undefined)
    .map(({ what, wrong }) => `${what}: ${wrong}`)
    .join('\n');

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'slipway-set-'));
  set = new PublishedSet(join(parent, 'set'));
  dir = set.dir;
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test('a complete set passes all checks', async () => {
  expect(await wrongIn()).toBe('');
  expect(await verify()).toHaveLength(17);
});

describe('a set in which', () => {
  test.each(Object.entries(saidSets))('%s is told so', async (_name, { make, says }) => {
    make(set);
    expect(await wrongIn(says?.includes('(signature)') ? publicKey() : undefined)).toContain(says);
  });
});

function publicKey(): string {
  const path = at('../key.pub');
  const { publicKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(path, key.export({ type: 'spki', format: 'pem' }));
  return path;
}

describe('the signer', () => {
  const sign = (key = `${dir}-elsewhere/key.pem`) => signPublished(dir, key, realOutputFiles());
  beforeEach(() => mkdirSync(`${dir}-elsewhere`));

  test('is known to users with the public key', async () => {
    expect(await sign()).toBe(at('provenance.sigstore.json'));
    expect((await verify()).at(-1)!.what).toContain('give the public key to check who signed it');
    const signed = { what: 'provenance.sigstore.json (signature)', wrong: undefined };
    expect((await verify(`${dir}-elsewhere/key.pem.pub`)).at(-1)).toEqual(signed);
    expect(await wrongIn(`${dir}-elsewhere/key.pem.pub`)).toBe('');
  });

  test('cannot be another person, or have signed something else, or nothing', async () => {
    await sign();
    await sign(`${dir}-elsewhere/other.pem`);
    const told = () => wrongIn(`${dir}-elsewhere/key.pem.pub`);
    expect(await told()).toContain('(signature): it is not signed by this key');
    await sign();
    set.put('provenance.json', `${set.read('provenance.json')} `);
    expect(await told()).toContain('(signature): it signs another statement');
    writeFileSync(at('provenance.sigstore.json'), '{}');
    expect(await told()).toContain('(signature): it is not a Sigstore bundle');
    rmSync(at('provenance.sigstore.json'));
    expect(await told()).toContain('(signature): nobody signed it');
  });

  test('signs with no file that is not a key, and never overwrites a file with a key', async () => {
    writeFileSync(`${dir}-elsewhere/x.pem`, 'x');
    await expect(sign(`${dir}-elsewhere/x.pem`)).rejects.toThrow('BAD_VALUE');
    await expect(verify(`${dir}-elsewhere/x.pem`)).rejects.toThrow('BAD_VALUE');
    await expect(verify(`${dir}-elsewhere/none.pub`)).rejects.toThrow('FILE_MISSING');
    await expect(sign(`${dir}-elsewhere/none/key.pem`)).rejects.toThrow('slipway would write a new key there');
    writeFileSync(`${dir}-elsewhere/away.pem.pub`, 'x');
    await expect(sign(`${dir}-elsewhere/away.pem`)).rejects.toThrow('its public half exists');
    expect(readFileSync(`${dir}-elsewhere/away.pem.pub`, 'utf8')).toBe('x');
  });
});

test('a missing directory cannot be verified', async () => {
  await expect(verifyPublished('/nowhere', {})).rejects.toThrow('FILE_MISSING');
});
