import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { hostileElf } from './hostile-elf.ts';
import type { HostileSets } from './hostile-set.ts';

const MiB = 2 ** 20;
const pipe = (path: string): void => void execFileSync('mkfifo', [path]);
/** Bytes that take no room on the disk. */
const sparse = (path: string, bytes: number): void => {
  writeFileSync(path, '');
  truncateSync(path, bytes);
};
/** A socket stays when who made it is gone. */
const socket = (path: string): void => {
  const script = "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";
  spawnSync(process.execPath, ['-e', script, path], { stdio: 'ignore' });
};

/** Sets in which something else lies than plain files of the size they should have. */
export const placedSets: HostileSets = {
  'an archive is a pipe': {
    make: (set) => set.replace('gated-src.tar.gz', pipe),
    says: 'gated-src.tar.gz (members): ',
  },
  'a program is a pipe': { make: (set) => set.replace('program', pipe), says: 'program (sha256): it is a pipe' },
  'sums are a pipe': { make: (set) => set.replace('SHA256SUMS', pipe), says: 'SHA256SUMS: it is a pipe' },
  'provenance is a pipe': {
    make: (set) => set.replace('provenance.json', pipe),
    says: 'provenance.json: it is a pipe',
  },
  'a bill is a pipe': {
    make: (set) => set.replace('gated.spdx.json', pipe),
    says: 'gated.spdx.json (form): it is a pipe',
  },
  'a signature is a pipe': {
    make: (set) => pipe(set.at('provenance.sigstore.json')),
    says: 'provenance.sigstore.json: it is a pipe',
  },
  'a pipe lies beside the others': {
    make: (set) => pipe(set.at('more')),
    says: 'more: it is not listed in SHA256SUMS',
  },
  'a program is a socket': { make: (set) => set.replace('program', socket), says: 'program (sha256): it is a socket' },
  'a program is a device without end': {
    make: (set) => set.replace('program', (path) => symlinkSync('/dev/zero', path)),
    says: 'program (sha256): it is a link',
  },
  'a bill is a terminal': {
    make: (set) => set.replace('gated.cdx.json', (path) => symlinkSync('/dev/tty', path)),
    says: 'gated.cdx.json (form): it is a link',
  },
  'sums are a link in a circle': {
    make: (set) => set.replace('SHA256SUMS', (path) => symlinkSync('SHA256SUMS', path)),
    says: 'SHA256SUMS: it is a link',
  },
  'an archive is a directory': {
    make: (set) => set.replace('gated-src.tar.gz', (path) => mkdirSync(path)),
    says: 'gated-src.tar.gz (members): it is a directory',
  },
  'provenance is a directory': {
    make: (set) => set.replace('provenance.json', (path) => mkdirSync(path)),
    says: 'provenance.json: it is a directory',
  },
  'sums have 700 MB': {
    make: (set) => sparse(set.at('SHA256SUMS'), 700e6),
    says: 'SHA256SUMS: it has more than 1048576 bytes',
  },
  'sums have a line of a megabyte': {
    make: (set) => writeFileSync(set.at('SHA256SUMS'), `${'0'.repeat(64)}  ${'x'.repeat(MiB - 100)}\n`),
    says: 'is not the name of a file beside it',
  },
  'sums name more files than a set has': {
    make: (set) =>
      writeFileSync(
        set.at('SHA256SUMS'),
        Array.from({ length: 5000 }, (_, i) => `${'0'.repeat(64)}  f${i}\n`).join(''),
      ),
    says: 'SHA256SUMS: it names more than 2000 files',
  },
  'a manifest has no end': {
    make: (set) => sparse(set.at('provenance.json'), 10e9),
    says: 'provenance.json: it has more than 4194304 bytes',
  },
  'a bill has no end': {
    make: (set) => sparse(set.at('gated.spdx.json'), 10e9),
    says: 'gated.spdx.json (form): it has more than 25165824 bytes',
  },
  'a signature has no end': {
    make: (set) => sparse(set.at('provenance.sigstore.json'), 10e9),
    says: 'provenance.sigstore.json: it has more than 8388608 bytes',
  },
  'a program is larger than a set': {
    make: (set) => sparse(set.at('program'), 40 * 2 ** 30),
    says: 'it has more than 34359738368 bytes',
  },
  'there are more files than a set has': {
    make(set) {
      for (let i = 0; i < 2100; i += 1) writeFileSync(set.at(`f${i}`), '');
    },
    says: 'it has more than 2000 files',
  },
  'directories lie deeper than a path can be': {
    make(set) {
      const name = 'd'.repeat(200);
      const script = `for (let i = 0; i < 60; i++) { fs.mkdirSync('${name}'); process.chdir('${name}'); }`;
      execFileSync(process.execPath, ['-e', script], { cwd: set.dir });
    },
    says: 'it is not listed in SHA256SUMS',
  },
  'a name has an escape sequence': {
    make: (set) => writeFileSync(set.at('x\u001b[2J\u001b]0;owned\u0007'), ''),
    says: 'it is not listed in SHA256SUMS',
  },
  'a name forges a line': {
    make: (set) => writeFileSync(set.at('x\n14 checks passed'), ''),
    says: 'it is not listed in SHA256SUMS',
  },
  'a name is shown backwards': {
    make: (set) => writeFileSync(set.at('x\u202Egz.rat'), ''),
    says: 'it is not listed in SHA256SUMS',
  },
  'a name is not UTF-8': {
    make: (set) => writeFileSync(Buffer.concat([Buffer.from(`${set.dir}/x`), Buffer.from([0xff])]), ''),
    says: 'it is not listed in SHA256SUMS',
  },
  'names differ by case': {
    make: (set) => renameSync(set.at('program'), set.at('Program')),
    says: 'program (sha256): it is missing',
  },
  'a program has thousands of sections of all its bytes': {
    make: (set) => set.put('program', hostileElf(20 * MiB, 'overlapping')),
    says: undefined,
  },
  'a program has thousands of sections with names of megabytes': {
    make: (set) => set.put('program', hostileElf(16 * MiB, 'named')),
    says: undefined,
  },
};
