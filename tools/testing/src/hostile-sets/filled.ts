import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { PublishedSet } from '../published-set.ts';
import { archive, endOfArchive, extended, fileMember, link, longName, member } from '../raw-archive.ts';
import type { HostileSet, HostileSets } from './hostile-set.ts';

const MiB = 2 ** 20;

const inArchive = (bytes: () => Buffer, says: string): HostileSet => ({
  make: (set) => set.put('gated-src.tar.gz', bytes()),
  says: `gated-src.tar.gz (members): ${says}`,
});
const inProvenance = (text: () => string, says: string): HostileSet => ({
  make: (set) => set.put('provenance.json', text()),
  says: `provenance.json: ${says}`,
});
const inSbom = (text: () => string, says: string | undefined): HostileSet => ({
  make: (set) => set.put('gated.spdx.json', text()),
  says: says === undefined ? undefined : `gated.spdx.json (form): ${says}`,
});
const sbom = (packages: string): string => `{"spdxVersion":"SPDX-2.3","packages":[${packages}]}`;

/** The same piece many times, compressed once: frames of gzip and zstd may stand behind each other. */
const repeated = (piece: Buffer, count: number, last: Buffer = endOfArchive): Buffer =>
  Buffer.concat([...Array.from({ length: count }, () => piece), gzipSync(last)]);

const comment = (size: number): Buffer =>
  member({ path: 'p', type: 'g', body: extended({ comment: 'x'.repeat(size) }).body! });
const numbered = (count: number, name: (i: number) => string): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, i) => member({ path: name(i) })));

/** Predicates of provenance in which nothing fits. */
const recorded =
  (change: (definition: Record<string, Record<string, unknown>>) => void) =>
  (set: PublishedSet): void =>
    set.describe((statement) => {
      const definition = {
        externalParameters: { profile: 'release', platforms: ['linux/amd64'], variables: {} },
        internalParameters: { version: 'v1.2.3', time: 1 },
      };
      change(definition);
      statement.predicate = { buildDefinition: definition };
    });

/** Sets that take memory, disk or time from their readers, or claim too much to those who rebuild them. */
export const filledSets: HostileSets = {
  'an archive has 4,000 MB of extended headers': inArchive(
    () => repeated(gzipSync(comment(1_000_000)), 4000),
    'its headers have more than 16777216 bytes',
  ),
  'an archive has attributes without end': inArchive(
    () =>
      archive(
        ...Array.from({ length: 40 }, (_, i) => [
          extended({ 'SCHILY.xattr.user.x': 'x'.repeat(MiB / 2) }),
          fileMember(`f${i}`),
        ]).flat(),
      ),
    'its headers have more than 16777216 bytes',
  ),
  'an archive has an extended header of 2 MiB': inArchive(
    () => archive({ path: 'p', type: 'x', body: 'x'.repeat(2 * MiB) }, fileMember('a')),
    'a header of it has 2097152 bytes',
  ),
  'an archive has an extended header of gigabytes': inArchive(
    () => Buffer.concat([member({ path: 'p', type: 'x', size: '77777777777' }), Buffer.alloc(MiB)]),
    'a header of it has 8589934591 bytes',
  ),
  'an archive has more members than a release has': inArchive(
    () => gzipSync(Buffer.concat([numbered(51_000, (i) => `f${i}`), endOfArchive]), { level: 1 }),
    'it has more than 50000 members',
  ),
  'an archive has thousands of names of 4 KiB': inArchive(
    () =>
      gzipSync(
        archive(
          ...Array.from({ length: 5000 }, (_, i) => [
            longName(`${`${'d'.repeat(200)}/`.repeat(19)}${i}\0`),
            fileMember('x'),
          ]).flat(),
        ),
      ),
    'its headers have more than 16777216 bytes',
  ),
  'an archive has a directory in a directory, thousands of times': inArchive(
    () => archive({ path: 'x', type: 'L', body: `${'d/'.repeat(3000)}x\0` }, fileMember('x')),
    '"d/d/',
  ),
  'an archive is 200 MB of zeros in gzip': inArchive(
    () => repeated(gzipSync(Buffer.alloc(50 * MiB)), 4),
    'it grows to more than 100 times its size',
  ),
  'an archive has a member of 500 MB of zeros in gzip': inArchive(
    () =>
      Buffer.concat([
        gzipSync(member({ path: 'a', size: '03567531000' })),
        repeated(gzipSync(Buffer.alloc(50 * MiB)), 10),
      ]),
    'it grows to more than 100 times its size',
  ),
  'an archive has a member of 500 MB of zeros in zstd': inArchive(() => {
    const frame = zstdCompressSync(Buffer.alloc(50 * MiB));
    const head = zstdCompressSync(member({ path: 'a', size: '03567531000' }));
    return Buffer.concat([head, ...Array.from({ length: 10 }, () => frame)]);
  }, 'it grows to more than 100 times its size'),
  'an archive wants 2 GiB to be unpacked': inArchive(
    // A frame of zstd (RFC 8878) whose window is the largest there is.
    () => Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00]), Buffer.alloc(600)]),
    'its compression is damaged',
  ),
  'an archive is ten thousand empty parts of gzip': inArchive(
    () => repeated(gzipSync(Buffer.alloc(0)), 10_000, archive(fileMember('../x'))),
    '"../x": its name leads out of the archive',
  ),
  'an archive says a member of gigabytes it has not': inArchive(
    () => archive({ path: 'a', size: '77777777777' }),
    'it is cut short in "a"',
  ),
  'an archive has a size no disk has': inArchive(
    () => archive({ path: 'a', size: Buffer.from([0x80, 0, 0, 0, 0, 0x1f, 255, 255, 255, 255, 255, 255]) }),
    'it is cut short in "a"',
  ),
  'an archive has a thousand links to each other': inArchive(
    () => archive(...Array.from({ length: 1000 }, (_, i) => link(`l${i}`, `l${(i + 1) % 1000}`)), fileMember('l7/x')),
    '"l7/x": it would be written through "l7", which is a link',
  ),
  'an archive has a name in gzip without end': inArchive(() => {
    const bytes = gzipSync(archive(fileMember('../x')));
    bytes[3]! |= 0x08;
    return Buffer.concat([bytes.subarray(0, 10), Buffer.alloc(30 * MiB, 'n')]);
  }, 'its compression is damaged'),
  'an archive has an escape sequence in a name': inArchive(
    () => archive(fileMember('a\u001b]0;owned\u0007')),
    '"a\\u001b]0;owned\\u0007": its name has control characters',
  ),
  'provenance is nested without end': inProvenance(
    () => '['.repeat(5000) + ']'.repeat(5000),
    'it is nested more than 100 times',
  ),
  'provenance is nested a million times': inProvenance(
    () => '{"a":'.repeat(800_000),
    'it is nested more than 100 times',
  ),
  'provenance has a million values': inProvenance(
    () => `[${'[],'.repeat(1_000_000)}[]]`,
    'it has more than 200000 values',
  ),
  'provenance has a million keys': inProvenance(
    () => `{${Array.from({ length: 300_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
    'it has more than 200000 values',
  ),
  'provenance has one string of 4 MB': inProvenance(
    () => `{"_type":"${'x'.repeat(4e6)}"}`,
    'it is not an in-toto statement',
  ),
  'provenance has one string of escapes': inProvenance(
    () => `{"_type":"${'\\"'.repeat(2e6)}"}`,
    'it is not an in-toto statement',
  ),
  'provenance has a string of backslashes that does not end': inProvenance(
    () => `{"a":"${'\\\\'.repeat(1e6)}`,
    'it is not JSON',
  ),
  'provenance has numbers beyond numbers': inProvenance(
    () => `[${'1e999,'.repeat(100_000)}-1]`,
    'it is not an in-toto statement',
  ),
  'provenance sets the prototype of everything': inProvenance(
    () => '{"__proto__":{"_type":"https://in-toto.io/Statement/v1"},"constructor":{"prototype":{}}}',
    'it is not an in-toto statement',
  ),
  'provenance is about thousands of files': {
    make: (set) =>
      set.describe((statement) => {
        for (let i = 0; i < 5000; i += 1) statement.subject.push({ name: `f${i}`, digest: { sha256: '0'.repeat(64) } });
      }),
    says: 'provenance.json: it has more than 2000 subjects',
  },
  'a bill has millions of values': inSbom(
    () => sbom(`${'{},'.repeat(5_000_000)}{}`),
    'it has more than 1000000 values',
  ),
  'a bill has 700,000 packages of another shape each': inSbom(
    () => sbom(Array.from({ length: 700_000 }, (_, i) => `{"k${i}":0}`).join(',')),
    'it has more than 1000000 values',
  ),
  'a bill is nested a million times': inSbom(() => sbom('['.repeat(1_000_000)), 'it is nested more than 100 times'),
  'a bill has one string of 20 MB': inSbom(() => sbom(`"${'\\u001b'.repeat(3_300_000)}"`), undefined),
  'a bill has half a million packages': inSbom(() => sbom(`${'{"n":1},'.repeat(490_000)}{}`), undefined),
  'a text is one line of lists in lists': {
    make: (set) => set.put('program', `[${`${'['.repeat(99)}${']'.repeat(99)},`.repeat(20_000)}0]`),
    says: undefined,
  },
  'a text is nested JSON of megabytes': {
    make: (set) => set.put('program', '['.repeat(MiB) + ']'.repeat(MiB)),
    says: undefined,
  },
  'a program says it is a tar, and is none': {
    make: (set) => set.put('program', Buffer.concat([Buffer.alloc(257, 'x'), Buffer.from('ustar'), Buffer.alloc(MiB)])),
    says: undefined,
  },
  'it was made of a commit that is a command': {
    make: recorded((definition) => {
      definition['resolvedDependencies'] = [
        { name: 'source', digest: { gitCommit: '$(touch /tmp/owned)\u001b[2J' } },
      ] as unknown as Record<string, unknown>;
    }),
    says: undefined,
  },
  'it was made of another commit': {
    make: recorded((definition) => {
      definition['resolvedDependencies'] = [
        { name: 'source', digest: { gitCommit: '0'.repeat(40) } },
      ] as unknown as Record<string, unknown>;
    }),
    says: undefined,
  },
  'it was made for more platforms than there are': {
    make: recorded(({ externalParameters }) => {
      externalParameters!['platforms'] = Array.from({ length: 50_000 }, (_, i) => `os${i}/arch`);
    }),
    says: undefined,
  },
  'it was made for a platform that is a flag': {
    make: recorded(({ externalParameters }) => (externalParameters!['platforms'] = ['-toolexec=x/y'])),
    says: undefined,
  },
  'it was made in another profile': {
    make: recorded(({ externalParameters }) => (externalParameters!['profile'] = '__proto__')),
    says: undefined,
  },
  'it was made as a version with an escape sequence': {
    make: recorded(({ internalParameters }) => (internalParameters!['version'] = 'v1.2.3\u001b[2J')),
    says: undefined,
  },
};
