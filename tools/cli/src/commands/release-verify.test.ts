import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PublishedSet, saidSets } from '@slipway/testing';
import { realOutputFiles } from '@slipway/adapters';
import type { Asking } from '../world.ts';
import { releaseSign } from './release-sign.ts';
import { releaseVerify } from './release-verify.ts';

let parent: string;
let set: PublishedSet;
let dir: string;
const at = (name: string): string => join(dir, name);
const verify = (...args: string[]) =>
  releaseVerify({ args: args.length === 0 ? [dir] : args, world: { cwd: '/' } } as unknown as Asking);

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'slipway-set-'));
  set = new PublishedSet(join(parent, 'set'));
  dir = set.dir;
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test('a whole set is as it says', async () => {
  const { lines, exit } = await verify();
  expect(exit).toBe('done');
  expect(lines.at(-1)).toBe('all 17 are as they say');
});

describe('a set in which', () => {
  test.each(Object.entries(saidSets))('%s is told so', async (_name, { make, says }) => {
    make(set);
    const key = says?.includes('(signature)') ? [publicKey()] : [];
    const { lines, exit } = await verify(dir, ...key);
    expect(exit).toBe('verification');
    expect(lines.join('\n')).toContain(says);
  });
});

function publicKey(): string {
  const path = at('../key.pub');
  const { publicKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(path, key.export({ type: 'spki', format: 'pem' }));
  return path;
}

describe('who signed', () => {
  const asking = (...args: string[]) => ({ args, world: { cwd: dir, files: realOutputFiles() } }) as unknown as Asking;
  const sign = (key = `${dir}-elsewhere/key.pem`) => releaseSign(asking(dir, key));
  beforeEach(() => mkdirSync(`${dir}-elsewhere`));

  test('is known to who has the public key', async () => {
    expect((await sign()).exit).toBe('done');
    expect((await verify()).lines.at(-2)).toContain('by whom only a public key tells');
    const { lines, exit } = await verify(dir, `${dir}-elsewhere/key.pem.pub`);
    expect([exit, lines.at(-2)]).toEqual(['done', 'ok      provenance.sigstore.json (signature)']);
  });

  test('cannot be somebody else, or have signed something else, or nothing', async () => {
    await sign();
    await sign(`${dir}-elsewhere/other.pem`);
    const told = async () => (await verify(dir, `${dir}-elsewhere/key.pem.pub`)).lines.join('\n');
    expect(await told()).toContain('(signature): it is not signed by this key');
    await sign();
    set.put('provenance.json', `${set.read('provenance.json')} `);
    expect(await told()).toContain('(signature): it signs another statement');
    writeFileSync(at('provenance.sigstore.json'), '{}');
    expect(await told()).toContain('(signature): it is not signed by this key');
    rmSync(at('provenance.sigstore.json'));
    expect(await told()).toContain('(signature): nobody signed it');
  });

  test('signs nothing that is not as it says, nor with what is no key', async () => {
    writeFileSync(`${dir}-elsewhere/x.pem`, 'x');
    await expect(sign(`${dir}-elsewhere/x.pem`)).rejects.toThrow('BAD_VALUE');
    await expect(verify(dir, `${dir}-elsewhere/x.pem`)).rejects.toThrow('BAD_VALUE');
    await expect(verify(dir, `${dir}-elsewhere/none.pub`)).rejects.toThrow('FILE_MISSING');
    await expect(sign(`${dir}-elsewhere/none/key.pem`)).rejects.toThrow('a new key was to be written there');
    writeFileSync(`${dir}-elsewhere/away.pem.pub`, 'x');
    await expect(sign(`${dir}-elsewhere/away.pem`)).rejects.toThrow('its public half does');
    expect(readFileSync(`${dir}-elsewhere/away.pem.pub`, 'utf8')).toBe('x');
    rmSync(at('gated-src.tar.gz'));
    expect((await sign()).exit).toBe('verification');
    await expect(releaseSign(asking(dir))).rejects.toThrow('BAD_USAGE');
  });
});

test('no directory, two, or one that is not there', async () => {
  await expect(verify('/nowhere')).rejects.toThrow('FILE_MISSING');
  await expect(verify('a', 'b', 'c')).rejects.toThrow('BAD_USAGE');
});
