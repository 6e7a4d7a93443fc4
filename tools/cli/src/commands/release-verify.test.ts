import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { archive, fileMember } from '@slipway/testing';
import { realOutputFiles } from '@slipway/adapters';
import type { Asking } from '../world.ts';
import { releaseSign } from './release-sign.ts';
import { releaseVerify } from './release-verify.ts';

let dir: string;
const at = (name: string): string => join(dir, name);
const digest = (algorithm: string, text: string | Buffer): string => createHash(algorithm).update(text).digest('hex');

interface Statement {
  _type: string;
  predicateType: string;
  subject: { name: string; digest: { sha256: string } }[];
}

const EMPTY_ARCHIVE = '\0'.repeat(1024);

/** A set as a release leaves it, of two small files. */
function writeSet(change: (statement: Statement) => void = () => {}): void {
  const files: Record<string, string> = {
    'x-src.tar.gz': EMPTY_ARCHIVE,
    'x.spdx.json': JSON.stringify({ spdxVersion: 'SPDX-2.3', packages: [{}] }),
    'x.cdx.json': JSON.stringify({ bomFormat: 'CycloneDX', components: [{}] }),
  };
  const statement: Statement = {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
    subject: Object.entries(files).map(([name, text]) => ({ name, digest: { sha256: digest('sha256', text) } })),
  };
  change(statement);
  files['provenance.json'] = JSON.stringify(statement);
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
  for (const algorithm of ['sha256', 'sha512']) {
    const lines = Object.entries(files).map(([name, text]) => `${digest(algorithm, text)}  ${name}\n`);
    writeFileSync(at(`${algorithm.toUpperCase()}SUMS`), lines.join(''));
  }
}

const verify = (...args: string[]) =>
  releaseVerify({ args: args.length === 0 ? [dir] : args, world: { cwd: '/' } } as unknown as Asking);

/** Makes the sums fit what is there now: only what else is said can be wrong then. */
function sumAgain(name: string): void {
  for (const algorithm of ['sha256', 'sha512']) {
    const sums = at(`${algorithm.toUpperCase()}SUMS`);
    const others = readFileSync(sums, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.endsWith(` ${name}`));
    writeFileSync(sums, [...others, `${digest(algorithm, readFileSync(at(name)))}  ${name}`, ''].join('\n'));
  }
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-set-'));
  writeSet();
});
afterEach(() => [dir, `${dir}-elsewhere`].forEach((path) => rmSync(path, { recursive: true, force: true })));

test('a whole set is as it says', async () => {
  const { lines, exit } = await verify();
  expect(exit).toBe('done');
  expect(lines.at(-1)).toBe('all 14 are as they say');
});

const sums = (line: string) => (): void => appendFileSync(at('SHA256SUMS'), `${line}\n`);
const zeros = '0'.repeat(64);

describe('a set in which', () => {
  const cases: Readonly<Record<string, { readonly change: () => void; readonly says: string }>> = {
    'a file has a byte more': {
      change: () => appendFileSync(at('x-src.tar.gz'), 'x'),
      says: 'x-src.tar.gz (sha256): it has other bytes',
    },
    'a file is cut short': {
      change: () => writeFileSync(at('x-src.tar.gz'), 'sour'),
      says: 'x-src.tar.gz (sha512): it has other bytes',
    },
    'a file is gone': { change: () => rmSync(at('x-src.tar.gz')), says: 'x-src.tar.gz (sha256): it is missing' },
    'a file was put': { change: () => writeFileSync(at('y.tar.gz'), 'y'), says: 'y.tar.gz: no checksum is said of it' },
    'a file is a link': {
      change() {
        renameSync(at('x-src.tar.gz'), `${dir}-elsewhere`);
        symlinkSync(`${dir}-elsewhere`, at('x-src.tar.gz'));
      },
      says: 'x-src.tar.gz (sha256): it is a link',
    },
    'a file is a directory': {
      change() {
        rmSync(at('x-src.tar.gz'));
        mkdirSync(at('x-src.tar.gz'));
      },
      says: 'x-src.tar.gz (sha256): it is a directory',
    },
    'there are no sums': { change: () => rmSync(at('SHA256SUMS')), says: 'SHA256SUMS: it is missing' },
    'sums are a link': {
      change() {
        rmSync(at('SHA512SUMS'));
        symlinkSync('/dev/zero', at('SHA512SUMS'));
      },
      says: 'SHA512SUMS: it is a link',
    },
    'sums are empty': { change: () => writeFileSync(at('SHA256SUMS'), ''), says: 'SHA256SUMS: it is empty' },
    'sums lead above': {
      change: sums(`${zeros}  ../etc/passwd`),
      says: '"../etc/passwd" is no name of a file beside it',
    },
    'sums lead elsewhere': { change: sums(`${zeros}  /etc/passwd`), says: '"/etc/passwd" is no name' },
    'sums name the directory': { change: sums(`${zeros}  ..`), says: '".." is no name' },
    'sums lead away as on Windows': { change: sums(`${zeros}  ..\\x`), says: 'is no name of a file beside it' },
    'sums have a zero byte': { change: sums(`${zeros}  x\0y`), says: 'is no name of a file beside it' },
    'sums have an escape sequence': {
      change: sums(`${zeros}  \u001b[2Jx`),
      says: 'is no name of a file beside it',
    },
    'sums are of another hash': { change: sums(`${'0'.repeat(32)}  x`), says: 'is no line of it' },
    'sums say a file twice': { change: sums(`${zeros}  x.cdx.json`), says: 'x.cdx.json stands in it twice' },
    'sums are something else': {
      change: () => writeFileSync(at('SHA256SUMS'), '<html>'),
      says: '"<html>" is no line of it',
    },
    'provenance is gone': {
      change: () => rmSync(at('provenance.json')),
      says: 'provenance.json: it is missing',
    },
    'provenance is no JSON': {
      change() {
        writeFileSync(at('provenance.json'), '{');
        sumAgain('provenance.json');
      },
      says: 'provenance.json: it is no JSON',
    },
    'provenance is a list': {
      change() {
        writeFileSync(at('provenance.json'), '[]');
        sumAgain('provenance.json');
      },
      says: 'provenance.json: it is no in-toto statement',
    },
    'provenance is of another kind': {
      change: () => writeSet((statement) => (statement.predicateType = 'https://slsa.dev/provenance/v0.2')),
      says: 'it is no provenance of SLSA 1.0',
    },
    'provenance is of other bytes': {
      change: () => writeSet(({ subject }) => (subject[0]!.digest.sha256 = zeros)),
      says: 'x-src.tar.gz (provenance): it has other bytes',
    },
    'provenance is silent about a file': {
      change: () => writeSet((statement) => void statement.subject.shift()),
      says: 'x-src.tar.gz (provenance): how it was made is not said',
    },
    'provenance names more': {
      change: () => writeSet(({ subject }) => void subject.push({ name: 'more', digest: { sha256: zeros } })),
      says: 'more (provenance): it is missing',
    },
    'provenance leads above': {
      change: () => writeSet(({ subject }) => (subject[0]!.name = '../x')),
      says: 'a subject of it has no name or digest',
    },
    'provenance has a subject without digest': {
      change: () => writeSet(({ subject }) => void (subject[0] = { name: 'x' } as Statement['subject'][0])),
      says: 'a subject of it has no name or digest',
    },
    'provenance says a file twice': {
      change: () => writeSet(({ subject }) => void subject.push(subject[0]!)),
      says: 'provenance.json: it says x-src.tar.gz twice',
    },
    'provenance says one thing twice': {
      change() {
        writeFileSync(at('provenance.json'), readFileSync(at('provenance.json'), 'utf8').replace('{', '{"_type":"x",'));
        sumAgain('provenance.json');
      },
      says: 'provenance.json: it says "_type" twice in one place',
    },
    'provenance is nested without end': {
      change() {
        writeFileSync(at('provenance.json'), '['.repeat(5000) + ']'.repeat(5000));
        sumAgain('provenance.json');
      },
      says: 'provenance.json: it is nested more than 100 times',
    },
    'provenance is about nothing': {
      change: () => writeSet((statement) => (statement.subject = [])),
      says: 'provenance.json: it is about nothing',
    },
    'an archive leads above': {
      change() {
        writeFileSync(at('x-src.tar.gz'), archive(fileMember('../x')));
        sumAgain('x-src.tar.gz');
      },
      says: 'x-src.tar.gz (members): "../x": its name leads out of the archive',
    },
    'a bill is no JSON': {
      change: () => writeFileSync(at('x.spdx.json'), 'x'),
      says: 'x.spdx.json (form): it is no JSON',
    },
    'a bill is of another kind': {
      change: () => writeFileSync(at('x.cdx.json'), '{}'),
      says: 'it is neither SPDX 2.3 nor CycloneDX',
    },
    'a bill names nothing': {
      change: () => writeFileSync(at('x.spdx.json'), '{"spdxVersion":"SPDX-2.3","packages":[]}'),
      says: 'or names nothing',
    },
  };
  test.each(Object.entries(cases))('%s is told so', async (_name, { change, says }) => {
    change();
    const { lines, exit } = await verify();
    expect(exit).toBe('verification');
    expect(lines.join('\n')).toContain(says);
  });
});

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
    appendFileSync(at('provenance.json'), ' ');
    sumAgain('provenance.json');
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
    rmSync(at('x-src.tar.gz'));
    expect((await sign()).exit).toBe('verification');
    await expect(releaseSign(asking(dir))).rejects.toThrow('BAD_USAGE');
  });
});

test('no directory, two, or one that is not there', async () => {
  await expect(verify('/nowhere')).rejects.toThrow('FILE_MISSING');
  await expect(verify('a', 'b', 'c')).rejects.toThrow('BAD_USAGE');
});
