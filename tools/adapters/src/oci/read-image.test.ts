import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { FailureError, Platform } from '@slipway/model';
import { type RawMember, archive, link, fileMember } from '@slipway/testing';
import { realOutputFiles } from '../files/real.ts';
import { readImage } from './read-image.ts';
import { blockCompressors } from '../tar/real.ts';
import { realImageWriter } from './real.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-read-image-'));
afterAll(() => rmSync(dir, { recursive: true }));

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const blob = (bytes: string | Buffer) => ({ digest: `sha256:${sha256(bytes)}`, size: Buffer.from(bytes).length });
const nameOf = (bytes: string | Buffer): string => `blobs/sha256/${sha256(bytes)}`;

/** The parts of a valid image. A test makes one of them wrong. */
interface Parts {
  layer: Buffer;
  diffIds: unknown;
  config: object;
  manifest: Record<string, unknown>;
  index: Record<string, unknown>;
  loaded: unknown;
  layout: string;
  members: RawMember[];
}

function image(change: Partial<Parts>): Buffer {
  const layer = change.layer ?? archive(fileMember('bin/x'));
  const config = JSON.stringify(
    change.config ?? { rootfs: { diff_ids: change.diffIds ?? [`sha256:${sha256(layer)}`] } },
  );
  const manifest = JSON.stringify({ config: blob(config), layers: [blob(layer)], ...change.manifest });
  const loaded = change.loaded ?? [{ Config: nameOf(config), RepoTags: ['x:v1'], Layers: [nameOf(layer)] }];
  return archive(
    fileMember('oci-layout', change.layout ?? '{"imageLayoutVersion":"1.0.0"}'),
    fileMember('index.json', JSON.stringify({ manifests: [blob(manifest)], ...change.index })),
    fileMember('manifest.json', JSON.stringify(loaded)),
    ...[config, manifest, layer].map((body) => ({ path: nameOf(body), body })),
    ...(change.members ?? []),
  );
}

const read = (bytes: Buffer) => {
  writeFileSync(join(dir, 'image.tar'), bytes);
  return readImage(join(dir, 'image.tar'));
};

const other = `sha256:${'0'.repeat(64)}`;
const refused: Readonly<Record<string, { readonly change: Partial<Parts>; readonly says: string }>> = {
  'a layer that leads above': {
    change: { layer: archive(fileMember('../x')) },
    says: 'a layer: "../x": its name leads out',
  },
  'a layer written through a link': {
    change: { layer: archive(link('a', '/etc'), fileMember('a/x')) },
    says: 'a layer: "a/x": it would be written through',
  },
  'a layer that unpacks to something else': { change: { diffIds: [other] }, says: 'unpacks to other bytes' },
  'more layers than its config says': { change: { diffIds: [] }, says: 'list other layers' },
  'no list of layers in its config': { change: { config: {} }, says: 'list other layers' },
  'a blob of another name': {
    change: { members: [fileMember(nameOf('a'), 'b')] },
    says: 'does not match the digest in its name',
  },
  'a blob that belongs to nothing': { change: { members: [fileMember(nameOf('a'), 'a')] }, says: 'is not referenced' },
  'a file beside it': { change: { members: [fileMember('run.sh')] }, says: 'an image with "run.sh" in it' },
  'a link in place of a blob': {
    change: { members: [link(nameOf('a'), 'index.json')] },
    says: 'does not match the digest',
  },
  'a digest that is a path': {
    change: { manifest: { layers: [{ digest: 'sha256:../../x', size: 1 }] } },
    says: 'is not a sha256 digest',
  },
  'a digest of another hash': {
    change: { index: { manifests: [{ digest: 'md5:00', size: 1 }] } },
    says: 'is not a sha256 digest',
  },
  'a layer that is missing': { change: { manifest: { layers: [{ digest: other, size: 1 }] } }, says: 'is missing' },
  'a layer of another size': {
    change: { manifest: { layers: [{ ...blob(archive(fileMember('bin/x'))), size: 1 }] } },
    says: 'of another size than said',
  },
  'a layer to be fetched from elsewhere': {
    change: { manifest: { layers: [{ ...blob('x'), urls: ['https://elsewhere.example'] }] } },
    says: 'would have to be fetched from another place',
  },
  'a layer without a size': { change: { manifest: { layers: [{ digest: other }] } }, says: 'has no size' },
  'no layers at all': { change: { manifest: { layers: 'x' } }, says: 'it does not list its layers' },
  'no image in its index': { change: { index: { manifests: [] } }, says: 'names no image' },
  'two images in its index': {
    change: { index: { manifests: [blob('{}'), blob('{"a":1}')] }, members: [fileMember(nameOf('{}'), '{}')] },
    says: 'names several images',
  },
  'another image for engines': {
    change: { loaded: [{ Config: nameOf('a'), RepoTags: [], Layers: [] }] },
    says: 'names another image than index.json',
  },
  'several images for engines': { change: { loaded: [{}, {}] }, says: 'does not name exactly one image' },
  'a layout of another version': { change: { layout: '{}' }, says: 'not an OCI image layout' },
  'a layout that says two versions': {
    change: { layout: '{"imageLayoutVersion":"2","imageLayoutVersion":"1.0.0"}' },
    says: 'oci-layout: it says "imageLayoutVersion" twice',
  },
  'a manifest of 5 MiB': { change: { layout: ' '.repeat(5 << 20) }, says: 'too many for a manifest' },
};

describe('an image with', () => {
  test.each(Object.entries(refused))('%s is refused', async (_name, { change, says }) => {
    const error = await read(image(change)).catch((thrown: unknown) => thrown);
    expect((error as FailureError).failures).toMatchObject([
      { code: 'BAD_ARCHIVE', path: join(dir, 'image.tar'), fact: expect.stringContaining(says) },
    ]);
    expect(readdirSync(dir)).toEqual(['image.tar']);
  });
});

test('a valid image is read, compressed or not, and so is one that slipway wrote', async () => {
  const layer = archive(fileMember('bin/x'));
  const zipped = gzipSync(layer);
  for (const bytes of [image({}), image({ layer: zipped, diffIds: [`sha256:${sha256(layer)}`] })]) {
    const { names, layers } = await read(bytes);
    expect(names).toEqual(['x:v1']);
    expect(layers[0]!.members.map(({ path }) => path)).toEqual(['bin/x']);
  }
  writeFileSync(join(dir, 'program'), 'x');
  await using compressors = blockCompressors();
  await realImageWriter(realOutputFiles(), compressors).write(join(dir, 'image.tar'), {
    ...{ platform: 'linux/arm64' as Platform, names: ['a:1', 'b:2'], base: undefined, config: {}, root: dir, time: 9 },
    layers: [[{ path: 'program', file: 'program', mode: 0o755 }]],
  });
  expect(await readImage(join(dir, 'image.tar'))).toMatchObject({
    names: ['a:1', 'b:2'],
    config: { architecture: 'arm64' },
    layers: [{ members: [{ path: 'program', mode: 0o755, mtime: 9, sha256: sha256('x') }] }],
  });
});
