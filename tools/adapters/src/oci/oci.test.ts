import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { Platform } from '@slipway/model';
import { goCommand } from '@slipway/testing';
import { realOutputFiles } from '../files/real.ts';
import type { ImageToWrite } from './port.ts';
import { blockCompressors } from '../tar/real.ts';
import { realImageWriter } from './real.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-oci-'));
afterAll(() => rmSync(dir, { recursive: true }));
writeFileSync(join(dir, 'program'), '#!/bin/true');

const image: ImageToWrite = {
  platform: 'linux/arm64' as Platform,
  names: ['registry.example/x/program-arm64:v1'],
  base: undefined,
  layers: [[{ path: 'bin/program', file: 'program', mode: 0o755 }]],
  config: { entrypoint: ['/bin/program'], labels: { b: '2' } },
  root: dir,
  time: 1_700_000_000,
};

test.each([
  ['of Go without cgo', true],
  ['that wants a dynamic linker', false],
])('a program %s can start in an empty image: %s', async (_what, starts) => {
  const source = join(dir, 'source');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'main.go'), 'package main\n\nfunc main() {}\n');
  const elf = join(dir, 'elf');
  execFileSync(goCommand(), ['build', '-o', elf, join(source, 'main.go')], {
    env: { ...process.env, GOOS: 'linux', GOARCH: 'arm64', CGO_ENABLED: '0', GO111MODULE: 'off', GOFLAGS: '' },
  });
  if (!starts) writeFileSync(elf, withInterpreter(readFileSync(elf)));
  const writing = write({ layers: [[{ path: 'bin/program', file: 'elf', mode: 0o755 }]] });
  if (starts) await writing;
  else await expect(writing).rejects.toThrow(/IMAGE_FAILED.*bin\/program.*\/lib\/ld-test/);
  if (!starts)
    await write({
      layers: [
        [
          { path: 'bin/program', file: 'elf', mode: 0o755 },
          { path: 'lib/ld-test', file: 'program', mode: 0o755 },
        ],
      ],
    });
});

/** Turns the last segment into one with the path of a dynamic linker. */
function withInterpreter(elf: Buffer): Buffer {
  const name = Buffer.from('/lib/ld-test\0');
  const at = Number(elf.readBigUInt64LE(32)) + (elf.readUInt16LE(56) - 1) * elf.readUInt16LE(54);
  elf.writeUInt32LE(3, at);
  elf.writeBigUInt64LE(BigInt(elf.length), at + 8);
  elf.writeBigUInt64LE(BigInt(name.length), at + 32);
  return Buffer.concat([elf, name]);
}

const sha256 = (bytes: string | Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const unpacked = (digest: string): string =>
  sha256(gunzipSync(readFileSync(join(dir, 'unpacked/blobs', digest.replace(':', '/')))));

interface Written {
  readonly config: Record<string, unknown> & { rootfs: { diff_ids: string[] }; history: object[] };
  readonly manifest: { layers: { digest: string; mediaType: string; size: number }[] };
}

/** Writes an image, unpacks it, and checks every blob against its name. */
async function write(more: Partial<ImageToWrite> = {}): Promise<Written> {
  const to = join(dir, 'image.tar');
  await using compressors = blockCompressors();
  await realImageWriter(realOutputFiles(), compressors).write(to, { ...image, ...more });
  const layout = join(dir, 'unpacked');
  rmSync(layout, { recursive: true, force: true });
  mkdirSync(layout);
  execFileSync('tar', ['-xf', to, '-C', layout]);
  for (const name of readdirSync(join(layout, 'blobs/sha256')))
    expect(sha256(readFileSync(join(layout, 'blobs/sha256', name)))).toBe(`sha256:${name}`);
  const blob = (digest: string) => JSON.parse(readFileSync(join(layout, 'blobs', digest.replace(':', '/')), 'utf8'));
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  const manifest = blob(index.manifests[0].digest);
  return { config: blob(manifest.config.digest), manifest };
}

/** An image layout on disk: one gzip layer of Docker's media type, behind an index for two platforms. */
function writeBase(): string {
  const layout = mkdtempSync(join(dir, 'base-'));
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  const put = (content: Buffer | object, mediaType: string) => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    writeFileSync(join(layout, 'blobs', sha256(bytes).replace(':', '/')), bytes);
    return { mediaType, digest: sha256(bytes), size: bytes.length };
  };
  const tar = Buffer.alloc(1024);
  const layer = put(gzipSync(tar), 'application/vnd.docker.image.rootfs.diff.tar.gzip');
  const config = put(
    {
      config: { Cmd: ['sh'], Env: ['A=b'], User: '1', Labels: { a: '1' } },
      history: [{ created_by: 'base' }],
      rootfs: { type: 'layers', diff_ids: [sha256(tar)] },
    },
    'application/vnd.docker.container.image.v1+json',
  );
  const manifest = put({ config, layers: [layer] }, 'application/vnd.docker.distribution.manifest.v2+json');
  const list = put(
    {
      manifests: [
        { ...manifest, digest: sha256('not here'), platform: { os: 'linux', architecture: 'amd64' } },
        { ...manifest, platform: { os: 'linux', architecture: 'arm64' } },
      ],
    },
    'application/vnd.oci.image.index.v1+json',
  );
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ manifests: [list] }));
  return layout;
}

describe('an image', () => {
  test('with only a program has one layer', async () => {
    const { config, manifest } = await write();
    expect(manifest.layers).toHaveLength(1);
    expect(config).toEqual({
      created: '2023-11-14T22:13:20Z',
      architecture: 'arm64',
      variant: 'v8',
      os: 'linux',
      config: { Entrypoint: ['/bin/program'], Labels: { b: '2' } },
      rootfs: { type: 'layers', diff_ids: [unpacked(manifest.layers[0]!.digest)] },
      history: [{ created: '2023-11-14T22:13:20Z', created_by: 'slipway' }],
    });
  });

  test('with a base keeps its layers and settings, but not the arguments of its program', async () => {
    const { config, manifest } = await write({ base: writeBase() });
    expect(manifest.layers.map(({ mediaType }) => mediaType)).toEqual([
      'application/vnd.oci.image.layer.v1.tar+gzip',
      'application/vnd.oci.image.layer.v1.tar+gzip',
    ]);
    expect(config['config']).toEqual({
      Entrypoint: ['/bin/program'],
      Env: ['A=b'],
      User: '1',
      Labels: { a: '1', b: '2' },
    });
    expect(config.rootfs.diff_ids).toEqual(manifest.layers.map(({ digest }) => unpacked(digest)));
    expect(config.history).toHaveLength(2);
  });

  test('with a base overrides what a Dockerfile would', async () => {
    const own = { cmd: ['--all'], workingDir: '/w', env: ['B=c', 'A=d'] };
    const { config } = await write({ base: writeBase(), config: own });
    expect(config['config']).toMatchObject({ Cmd: ['--all'], WorkingDir: '/w', Env: ['B=c', 'A=d'] });
    const { config: other } = await write({ base: writeBase(), config: { env: ['B=c'] } });
    expect(other['config']).toMatchObject({ Cmd: ['sh'], Env: ['A=b', 'B=c'] });
  });

  test('written twice has the same bytes', async () => {
    await write({ base: writeBase() });
    const once = readFileSync(join(dir, 'image.tar'));
    await write({ base: writeBase() });
    expect(readFileSync(join(dir, 'image.tar')).equals(once)).toBe(true);
  });
});

describe('a base that is', () => {
  const damaged = (damage: (layout: string) => void): string => {
    const layout = writeBase();
    damage(layout);
    return layout;
  };
  const edit = (layout: string, change: (text: string) => string): void => {
    const path = join(layout, 'index.json');
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };
  const blobs = (layout: string) =>
    readdirSync(join(layout, 'blobs/sha256')).map((name) => join(layout, 'blobs/sha256', name));
  const smallest = (layout: string): string =>
    blobs(layout).sort((a, b) => readFileSync(a).length - readFileSync(b).length)[0]!;

  const cases: Readonly<Record<string, { readonly base: () => string; readonly says: string }>> = {
    'no layout': { base: () => dir, says: 'its index.json: it is missing' },
    'no JSON': { base: () => damaged((at) => edit(at, () => '{')), says: 'is not JSON' },
    'for no platform': { base: () => damaged((at) => edit(at, () => '{}')), says: 'it has no image for linux/arm64' },
    'leading out of itself': {
      base: () => damaged((at) => edit(at, (text) => text.replace(/sha256:[0-9a-f]+/, '../../../etc/passwd'))),
      says: 'is not a sha256 digest',
    },
    'of another hash': {
      base: () => damaged((at) => edit(at, (text) => text.replace('sha256:', 'md5:'))),
      says: 'is not a sha256 digest',
    },
    'said to be huge': {
      base: () => damaged((at) => edit(at, (text) => text.replace(/"size":\d+/, '"size":99999999999'))),
      says: 'too many for a manifest',
    },
    'without its blobs': {
      base: () => damaged((at) => rmSync(join(at, 'blobs'), { recursive: true })),
      says: 'it is missing',
    },
    'damaged in a manifest': {
      base: () => damaged((at) => blobs(at).forEach((path) => writeFileSync(path, '{}'))),
      says: 'has other bytes',
    },
    'damaged in a layer': { base: () => damaged((at) => writeFileSync(smallest(at), 'xx')), says: 'has other bytes' },
    'larger in a layer': {
      base: () => damaged((at) => cpSync(join(dir, 'image.tar'), smallest(at))),
      says: 'is larger than it says',
    },
    'missing a layer': { base: () => damaged((at) => rmSync(smallest(at))), says: 'it is missing' },
  };
  test.each(Object.entries(cases))('%s is refused, and nothing is written', async (_name, { base, says }) => {
    await write();
    const before = readFileSync(join(dir, 'image.tar'));
    await expect(write({ base: base() })).rejects.toThrow(says);
    expect(readFileSync(join(dir, 'image.tar')).equals(before)).toBe(true);
    expect(readdirSync(dir).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});
