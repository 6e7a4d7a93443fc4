import { describe, expect, test } from 'vitest';
import type { Platform } from '@slipway/model';
import { unless } from '@slipway/testing';
import { type SbomFormat, sbomSchemas } from '@slipway/testing/sbom-schemas';
import { cyclonedx, spdx } from './formats.ts';

const schemas = sbomSchemas();
const problems = typeof schemas === 'function' ? schemas : () => ['no schemas'];
const formats: Readonly<Record<SbomFormat, (sbom: Parameters<typeof spdx>[0]) => object>> = {
  'SPDX 2.3': spdx,
  'CycloneDX 1.6': cyclonedx,
};

const module = (path: string, version: string, license?: string) => ({
  path,
  version,
  sum: version === '' ? '' : `h1:${Buffer.alloc(32, 1).toString('base64')}`,
  url: `pkg:golang/${path}${version === '' ? '' : `@${version}`}`,
  ...(license === undefined ? {} : { license }),
});
const binary = (name: string, modules: readonly ReturnType<typeof module>[]) => ({
  ...{ name, platform: 'linux/amd64' as Platform, file: `/x/${name}`, sha256: 'ab'.repeat(32), modules },
});
const image = { repository: 'registry.example/m/a-amd64', platform: 'linux/amd64' as Platform, holds: ['a'] };
const images = [{ ...image, digest: `sha256:${'cd'.repeat(32)}` }];
const own = { license: 'Apache-2.0', copyright: 'Copyright 2020 M' };
const released = { name: 'm', version: 'v1.2.3', time: 1_700_000_000, images, own };
const sboms = {
  'without binaries': { ...released, binaries: [] },
  'of a binary without modules': { ...released, binaries: [binary('a', [])] },
  'of binaries that share modules, some with a licence': {
    ...released,
    binaries: [
      binary('a', [module('stdlib', '1.21.7'), module('github.com/spf13/cobra', 'v1.7.0', 'Apache-2.0')]),
      binary('b', [module('stdlib', '1.21.7'), module('m.example/m', '')]),
    ],
  },
};

describe.each(Object.keys(formats) as SbomFormat[])('the official schema of %s', (format) => {
  const options = unless('why' in schemas ? schemas.why : undefined);

  test.each(Object.entries(sboms))('accepts a bill %s', options, (_name, sbom) => {
    expect(problems(format, formats[format](sbom))).toEqual([]);
  });

  test('rejects a document that is not a bill', options, () => {
    const sbom = formats[format](sboms['without binaries']) as Record<string, unknown>;
    expect(problems(format, { ...sbom, creationInfo: 1, metadata: 1 })).not.toEqual([]);
  });
});
