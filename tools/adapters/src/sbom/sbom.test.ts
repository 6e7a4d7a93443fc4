import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Platform } from '@slipway/model';
import { realOutputFiles } from '../files/real.ts';
import { cyclonedx, spdx } from './formats.ts';
import { copyrightsOf, licenseOf, readLicense } from './licenses.ts';
import { type LinkedBinary, ofOthers } from './linked.ts';
import { realSbomWriter } from './real.ts';
import { hashLibrary } from './standard-library.ts';
import { supplierOf } from './supplier.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-bill-'));
afterAll(() => rmSync(dir, { recursive: true }));

const module = (path: string, version: string) => ({
  path,
  version,
  sum: '',
  url: `pkg:golang/${path}${version === '' ? '' : `@${version}`}`,
});
const binary = (name: string, modules: LinkedBinary['modules']): LinkedBinary => ({
  ...{ name, platform: 'linux/amd64' as Platform, file: `/x/${name}`, sha256: 'ab'.repeat(32), modules },
});
const [library, cobra, own] = [
  module('stdlib', '1.21.7'),
  module('github.com/spf13/cobra', 'v1.7.0'),
  module('m.example/m', ''),
];
const sbom = {
  name: 'm',
  version: 'v1.2.3',
  time: 1_700_000_000,
  images: [],
  own: {},
  binaries: [binary('a', [library, own, cobra]), binary('b', [library, own])],
};

describe('a bill of two binaries', () => {
  test('in SPDX has each module once, with its dependents', () => {
    const written = spdx(sbom) as {
      packages: { name: string; versionInfo: string; SPDXID: string }[];
      relationships: object[];
    };
    expect(written.packages.map(({ name, versionInfo }) => `${name} ${versionInfo}`)).toEqual([
      'a v1.2.3',
      'b v1.2.3',
      'github.com/spf13/cobra v1.7.0',
      'm.example/m v1.2.3',
      'stdlib 1.21.7',
    ]);
    const ids = written.packages.map(({ SPDXID }) => SPDXID);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^SPDXRef-[A-Za-z0-9.-]+$/.test(id))).toBe(true);
    expect(written.relationships).toContainEqual({
      spdxElementId: 'SPDXRef-linux-amd64-a',
      relationshipType: 'DEPENDS_ON',
      relatedSpdxElement: 'SPDXRef-pkg-golang-github.com-spf13-cobra-v1.7.0',
    });
    expect(written.relationships).toHaveLength(7);
  });

  test('in CycloneDX has the same content', () => {
    const written = cyclonedx(sbom) as {
      components: { 'bom-ref': string }[];
      dependencies: { ref: string; dependsOn: string[] }[];
    };
    expect(written.dependencies).toEqual([
      { ref: 'm', dependsOn: ['linux/amd64/a', 'linux/amd64/b'] },
      { ref: 'linux/amd64/a', dependsOn: [cobra.url, own.url, library.url] },
      { ref: 'linux/amd64/b', dependsOn: [own.url, library.url] },
    ]);
    const refs = written.components.map((component) => component['bom-ref']);
    expect(written.dependencies.flatMap(({ dependsOn }) => dependsOn).every((ref) => refs.includes(ref))).toBe(true);
  });

  test('becomes another document with any change, and else stays the same', () => {
    const namespace = (more: object) => (spdx({ ...sbom, ...more }) as { documentNamespace: string }).documentNamespace;
    expect(namespace({})).toBe(namespace({}));
    expect(namespace({ binaries: [sbom.binaries[0]] })).not.toBe(namespace({}));
  });
});

test('a file that Go did not link is listed without modules', async () => {
  writeFileSync(join(dir, 'script'), '#!/bin/sh');
  const to = join(dir, 'bill.json');
  const binaries = [{ name: 'script', platform: 'linux/amd64' as Platform, file: join(dir, 'script'), sha256: 'ab' }];
  const places = { vendor: undefined, root: dir, goroot: dir, sums: [] };
  await realSbomWriter(realOutputFiles()).write(to, { ...sbom, ...places, format: 'cyclonedx', binaries });
  expect(JSON.parse(readFileSync(to, 'utf8')).dependencies[1]).toEqual({ ref: 'linux/amd64/script', dependsOn: [] });
});

test('the sum of a module is from the linker, or else from a go.sum', () => {
  const [summed, vendored, ofTree] = [module('a', 'v1'), module('b', 'v2'), module('tree', '')];
  const sums = ['b v2 h1:bb=\nb v2/go.mod h1:no=\nb v1 h1:no=\n', ''];
  expect(ofOthers([vendored, { ...summed, sum: 'h1:aa=' }, ofTree, vendored], sums)).toEqual([
    { ...summed, sum: 'h1:aa=' },
    { ...vendored, sum: 'h1:bb=' },
  ]);
  expect(ofOthers([vendored], [])).toEqual([vendored]);
});

describe('the license of a text', () => {
  const bsd = 'Redistribution and use in source and binary forms, with or without modification';
  test.each([
    ['Apache License\n   Version 2.0, January 2004', 'Apache-2.0'],
    [`${bsd}\n3. Neither the name of the`, 'BSD-3-Clause'],
    [bsd, 'BSD-2-Clause'],
    [`${bsd} All advertising materials`, undefined],
    [
      'Permission is hereby granted, free of charge, to any\nperson obtaining a copy … WITHOUT WARRANTY OF ANY KIND',
      'MIT',
    ],
    ['Mozilla Public License, version 2.0', 'MPL-2.0'],
    [`Apache License Version 2.0, January 2004 ${bsd}`, undefined],
    ['All rights reserved', undefined],
  ])('%j is %s', (text, id) => expect(licenseOf(text)).toBe(id));

  test('of a vendored module is in both bills, and two different ones are none', async () => {
    const at = (path: string, text: string): void => {
      mkdirSync(join(dir, 'vendor', path, '..'), { recursive: true });
      writeFileSync(join(dir, 'vendor', path), text);
    };
    at('m/LICENSE', 'Apache License Version 2.0, January 2004');
    at('two/LICENSE.txt', 'Apache License Version 2.0, January 2004');
    at('two/COPYING', bsd);
    const found = (name: string) => readLicense(join(dir, 'vendor', name));
    expect([await found('m'), await found('two'), await found('none')]).toEqual([{ license: 'Apache-2.0' }, {}, {}]);
    const licensed = {
      ...sbom,
      binaries: [{ ...sbom.binaries[0]!, modules: [{ ...module('m', 'v1'), license: 'MIT' }] }],
    };
    expect(JSON.stringify(spdx(licensed))).toContain('"licenseConcluded":"MIT","licenseDeclared":"MIT"');
    expect(JSON.stringify(cyclonedx(licensed))).toContain(
      '"licenses":[{"license":{"id":"MIT","acknowledgement":"concluded"}}]',
    );
  });
});

test('the holder is from the copyright line, and not from the words of the license', () => {
  const text = 'Copyright 2013 The Cobra Authors\n  Copyright (c) 2009 The Go Authors. All rights reserved.\n';
  const spoken =
    'Copyright [yyyy] [name of copyright owner]\nCopyright License. Subject to the terms\ncopyright notice';
  expect(copyrightsOf(`${text}${spoken}`)).toEqual([
    'Copyright 2013 The Cobra Authors',
    'Copyright (c) 2009 The Go Authors. All rights reserved.',
  ]);
});

test.each([
  ['github.com/spf13/cobra', 'github.com/spf13'],
  ['k8s.io/api', 'k8s.io'],
  ['golang.org/x/sys', 'The Go Authors'],
  ['stdlib', 'The Go Authors'],
])('%s is supplied by %s', (path, supplier) => expect(supplierOf(path)).toBe(supplier));

test("each part of a bill has a supplier, and each module has Go's sum", () => {
  const image = { repository: 'registry.example/a-amd64', platform: 'linux/amd64' as Platform };
  const described = {
    ...sbom,
    images: [{ ...image, digest: `sha256:${'cd'.repeat(32)}`, holds: ['a'] }],
    binaries: [binary('a', [{ ...cobra, sum: `h1:${Buffer.alloc(32, 1).toString('base64')}` }, own])],
    own: { license: 'MIT', copyright: 'Copyright 2020 M' },
  };
  const { packages, relationships } = spdx(described) as {
    packages: Record<string, unknown>[];
    relationships: object[];
  };
  expect(packages.map(({ name, supplier }) => [name, supplier])).toEqual([
    ['registry.example/a-amd64', 'Organization: m.example'],
    ['a', 'Organization: m.example'],
    ['github.com/spf13/cobra', 'Organization: github.com/spf13'],
    ['m.example/m', 'Organization: m.example'],
  ]);
  expect(packages[1]).toMatchObject({ licenseConcluded: 'MIT', copyrightText: 'Copyright 2020 M' });
  expect(packages[2]!['checksums']).toEqual([{ algorithm: 'SHA256', checksumValue: '01'.repeat(32) }]);
  expect(relationships).toContainEqual({
    spdxElementId: 'SPDXRef-image-linux-amd64-registry.example-a-amd64',
    relationshipType: 'CONTAINS',
    relatedSpdxElement: 'SPDXRef-linux-amd64-a',
  });
  const { components } = cyclonedx(described) as { components: Record<string, unknown>[] };
  expect(components.map(({ supplier }) => (supplier as { name: string }).name)).toEqual([
    ...['m.example', 'm.example', 'github.com/spf13', 'm.example'],
  ]);
});

test('the standard library has the hash that Go computes for modules: of what is compiled, without tests and commands', () => {
  const source = join(dir, 'goroot/src');
  const write = (path: string): void => {
    mkdirSync(join(source, path, '..'), { recursive: true });
    writeFileSync(join(source, path), path);
  };
  for (const path of ['b/b.go', 'a.go']) write(path);
  const sum = (text: string): string => hash('sha256', text);
  const lines = `${sum('a.go')}  a.go\n${sum('b/b.go')}  b/b.go\n`;
  const found = `h1:${hash('sha256', lines, 'base64')}`;
  expect(hashLibrary(join(dir, 'goroot'))).toBe(found);
  for (const path of ['b/b_test.go', 'b/testdata/x', 'cmd/go/main.go']) write(path);
  expect(hashLibrary(join(dir, 'goroot'))).toBe(found);
  expect(hashLibrary(join(dir, 'nowhere'))).toBeUndefined();
});
