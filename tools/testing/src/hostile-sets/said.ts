import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { PublishedSet } from '../published-set.ts';
import { archive, fileMember } from '../raw-archive.ts';
import type { HostileSet, HostileSets } from './hostile-set.ts';

const zeros = '0'.repeat(64);
const sums =
  (line: string) =>
  (set: PublishedSet): void =>
    appendFileSync(set.at('SHA256SUMS'), `${line}\n`);
const provenance = (text: string | Buffer, says: string): HostileSet => ({
  make: (set) => set.put('provenance.json', text),
  says: `provenance.json: ${says}`,
});
const statement = (fields: object): string =>
  JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
    subject: [{ name: 'program', digest: { sha256: zeros } }],
    ...fields,
  });

/** Sets that make false or impossible claims about themselves. */
export const saidSets: HostileSets = {
  'a file has a byte more': {
    make: (set) => appendFileSync(set.at('gated-src.tar.gz'), 'x'),
    says: 'gated-src.tar.gz (sha256): it has other bytes',
  },
  'a file is cut short': {
    make: (set) => writeFileSync(set.at('gated-src.tar.gz'), 'sour'),
    says: 'gated-src.tar.gz (sha512): it has other bytes',
  },
  'a file is gone': {
    make: (set) => rmSync(set.at('gated-src.tar.gz')),
    says: 'gated-src.tar.gz (sha256): it is missing',
  },
  'a file was put': {
    make: (set) => writeFileSync(set.at('y.tar.gz'), 'y'),
    says: 'y.tar.gz: it is not listed in SHA256SUMS',
  },
  'a file is a link to the same bytes': {
    make: (set) =>
      set.replace('program', (path) => {
        renameSync(set.at('gated.cdx.json'), `${set.dir}-elsewhere`);
        symlinkSync(`${set.dir}-elsewhere`, path);
      }),
    says: 'program (sha256): it is a link',
  },
  'a file is a directory': {
    make: (set) => set.replace('program', (path) => mkdirSync(path)),
    says: 'program (sha256): it is a directory',
  },
  'there are no sums': { make: (set) => rmSync(set.at('SHA256SUMS')), says: 'SHA256SUMS: it is missing' },
  'sums are a link': {
    make: (set) => set.replace('SHA512SUMS', (path) => symlinkSync('/dev/zero', path)),
    says: 'SHA512SUMS: it is a link',
  },
  'sums are empty': { make: (set) => writeFileSync(set.at('SHA256SUMS'), ''), says: 'SHA256SUMS: it is empty' },
  'sums lead above': {
    make: sums(`${zeros}  ../etc/passwd`),
    says: '"../etc/passwd" is not the name of a file beside it',
  },
  'sums lead elsewhere': { make: sums(`${zeros}  /etc/passwd`), says: '"/etc/passwd" is not the name' },
  'sums name the directory': { make: sums(`${zeros}  ..`), says: '".." is not the name' },
  'sums lead away as on Windows': { make: sums(`${zeros}  ..\\x`), says: 'is not the name of a file beside it' },
  'sums have a zero byte': { make: sums(`${zeros}  x\0y`), says: 'is not the name of a file beside it' },
  'sums have an escape sequence': { make: sums(`${zeros}  \u001b[2Jx`), says: 'is not the name of a file beside it' },
  'sums have an escape sequence where none is looked for': {
    make: sums('\u001b]0;owned\u0007 \u009b2J'),
    says: 'is not a valid line',
  },
  'sums are of another hash': { make: sums(`${'0'.repeat(32)}  x`), says: 'is not a valid line' },
  'sums say a file twice': { make: sums(`${zeros}  gated.cdx.json`), says: 'gated.cdx.json is listed twice' },
  'sums are something else': {
    make: (set) => writeFileSync(set.at('SHA256SUMS'), '<html>'),
    says: '"<html>" is not a valid line',
  },
  'provenance is gone': {
    make: (set) => rmSync(set.at('provenance.json')),
    says: 'provenance.json: it is missing',
  },
  'provenance is no JSON': provenance('{', 'it is not JSON'),
  'provenance is a string that does not end': provenance('{"a":"\\', 'it is not JSON'),
  'provenance has a key outside of everything': provenance('"a":1', 'it is not JSON'),
  'provenance is a list': provenance('[]', 'it is not an in-toto statement'),
  'provenance is not UTF-8': provenance(Buffer.from([0x7b, 0xff, 0x7d]), 'it is not UTF-8'),
  'provenance begins with a byte order mark': provenance('\uFEFF{}', 'it is not JSON'),
  'provenance is of another kind': {
    make: (set) => set.describe((each) => (each.predicateType = 'https://slsa.dev/provenance/v0.2')),
    says: 'it is not SLSA 1.0 provenance',
  },
  'provenance is of other bytes': {
    make: (set) => set.describe(({ subject }) => (subject[0]!.digest.sha256 = zeros)),
    says: 'gated-src.tar.gz (provenance): it has other bytes',
  },
  'provenance is silent about a file': {
    make: (set) => set.describe((each) => void each.subject.shift()),
    says: 'gated-src.tar.gz (provenance): the provenance does not name it',
  },
  'provenance names more': {
    make: (set) => set.describe(({ subject }) => void subject.push({ name: 'more', digest: { sha256: zeros } })),
    says: 'more (provenance): it is missing',
  },
  'provenance leads above': {
    make: (set) => set.describe(({ subject }) => (subject[0]!.name = '../x')),
    says: 'a subject of it has no name or digest',
  },
  'provenance names a file with an escape sequence': {
    make: (set) => set.describe(({ subject }) => (subject[0]!.name = 'x\u001b[8m')),
    says: 'a subject of it has no name or digest',
  },
  'provenance has a subject without digest': {
    make: (set) => set.describe(({ subject }) => void (subject[0] = { name: 'x' } as (typeof subject)[0])),
    says: 'a subject of it has no name or digest',
  },
  'provenance has subjects that are none': provenance(statement({ subject: [null, 1, 'x'] }), 'a subject of it has no'),
  'provenance says a file twice': {
    make: (set) => set.describe(({ subject }) => void subject.push(subject[0]!)),
    says: 'provenance.json: it says gated-src.tar.gz twice',
  },
  'provenance says one thing twice': {
    make: (set) => set.put('provenance.json', set.read('provenance.json').replace('{', '{"_type":"x",')),
    says: 'provenance.json: it says "_type" twice in one place',
  },
  'provenance says one thing twice, once in escapes': {
    make: (set) => set.put('provenance.json', set.read('provenance.json').replace('{', '{"\\u005ftype":"x",')),
    says: 'provenance.json: it says "_type" twice in one place',
  },
  'provenance is about nothing': {
    make: (set) => set.describe((each) => (each.subject = [])),
    says: 'provenance.json: it has no subject',
  },
  'provenance has no predicate': provenance(statement({ predicate: [] }), 'it does not name its kind'),
  'an archive leads above': {
    make: (set) => set.put('gated-src.tar.gz', archive(fileMember('../x'))),
    says: 'gated-src.tar.gz (members): "../x": its name leads out of the archive',
  },
  'a bill is no JSON': {
    make: (set) => set.put('gated.spdx.json', 'x'),
    says: 'gated.spdx.json (form): it is not JSON',
  },
  'a bill is of another kind': {
    make: (set) => set.put('gated.cdx.json', '{}'),
    says: 'it is neither SPDX 2.3 nor CycloneDX',
  },
  'a bill names nothing': {
    make: (set) => set.put('gated.spdx.json', '{"spdxVersion":"SPDX-2.3","packages":[]}'),
    says: 'or names nothing',
  },
  'a bill names what is no list': {
    make: (set) => set.put('gated.spdx.json', '{"spdxVersion":"SPDX-2.3","packages":{"length":3}}'),
    says: 'or names nothing',
  },
  'a signature is no JSON': {
    make: (set) => writeFileSync(set.at('provenance.sigstore.json'), '{'),
    says: 'provenance.sigstore.json (signature): it is not JSON',
  },
  'a signature is a list of nothing': {
    make: (set) => writeFileSync(set.at('provenance.sigstore.json'), '{"dsseEnvelope":{"signatures":[]}}'),
    says: 'provenance.sigstore.json (signature): it is not a Sigstore bundle: ',
  },
};
