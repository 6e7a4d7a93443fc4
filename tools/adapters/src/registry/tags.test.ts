import { expect, test } from 'vitest';
import { type Index, mergedIndex } from './tags.ts';

const image = (architecture: string, digest: string, variant?: string) => ({
  ...{ mediaType: 'm', digest, size: 1 },
  platform: { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) },
});
const of = (version: string, revision = 'r'): Index['annotations'] => ({
  'org.opencontainers.image.version': version,
  'org.opencontainers.image.revision': revision,
});
const amd64 = image('amd64', 'a');
const arm64 = image('arm64', 'b', 'v8');
const both: Index = { manifests: [amd64, arm64], annotations: of('v1') };
const tagged = (index: Index) => ({ digest: 'i', index });

test('a tag of two platforms keeps both when one of them is pushed again', () => {
  expect(mergedIndex(tagged(both), { manifests: [amd64], annotations: of('v1') })).toEqual({
    index: both,
    adds: false,
  });
});

test('platforms that are pushed one after the other become the same index in any order', () => {
  const one = (manifest: Index['manifests'][number]): Index => ({ manifests: [manifest], annotations: of('v1') });
  const whole = { index: both, adds: true };
  expect(mergedIndex(tagged(one(arm64)), one(amd64))).toEqual(whole);
  expect(mergedIndex(tagged(one(amd64)), one(arm64))).toEqual(whole);
  expect(mergedIndex(undefined, { ...both, manifests: [arm64, amd64] })).toEqual(whole);
});

test('a tag that has another image for a platform is refused', () => {
  const other = { manifests: [image('arm64', 'c')], annotations: of('v1') };
  expect(mergedIndex(tagged(both), other)).toEqual({ fact: 'its linux/arm64 is b now, not c' });
});

test('a tag of another version or revision is refused, and so is one without a version', () => {
  const s390x = { manifests: [image('s390x', 's')], annotations: of('v2') };
  expect(mergedIndex(tagged(both), s390x)).toEqual({ fact: 'it is of version v1 now, not v2' });
  expect(mergedIndex(tagged(both), { ...s390x, annotations: of('v1', 'q') })).toEqual({
    fact: 'it is of revision r now, not q',
  });
  expect(mergedIndex(tagged({ ...both, annotations: {} }), s390x)).toEqual({
    fact: 'it is of version unknown now, not v2',
  });
});

test('an index that somebody else made of our images is extended', () => {
  const theirs = { manifests: [amd64], annotations: {} };
  expect(mergedIndex(tagged(theirs), both)).toEqual({ index: both, adds: true });
});

test('a tag of one image becomes an index with that image, and a tag of another image is refused', () => {
  expect(mergedIndex({ digest: 'a', index: undefined }, both)).toEqual({ index: both, adds: true });
  expect(mergedIndex({ digest: 'z', index: undefined }, both)).toEqual({ fact: 'it names one image now, z' });
});
