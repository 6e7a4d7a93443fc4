import { createHash } from 'node:crypto';
import { archOf } from '@slipway/model';
import type { Licensed } from './licenses.ts';
import type { LinkedBinary } from './linked.ts';
import type { SbomToWrite, LinkedModule, SbomedImage } from './port.ts';
import { supplierOf } from './supplier.ts';

type Sbom = Pick<SbomToWrite, 'name' | 'version' | 'time' | 'images'> & {
  readonly binaries: readonly LinkedBinary[];
  /** The license of the tree. */
  readonly own: Licensed;
};

const timeOf = ({ time }: Sbom): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z');

/** Each module once, sorted, even if several binaries contain it. */
const modulesOf = ({ binaries }: Sbom): LinkedModule[] =>
  [...new Map(binaries.flatMap(({ modules }) => modules).map((each) => [each.url, each])).values()].sort((a, b) =>
    a.url < b.url ? -1 : 1,
  );

const idOf = ({ platform, name }: { readonly platform: string; readonly name: string }): string =>
  `${platform}/${name}`;

/** The supplier of the release, by the path of the tree's own module, or else by the name of the release. */
const ownSupplier = ({ binaries, name }: Sbom): string =>
  supplierOf(binaries.flatMap(({ modules }) => modules).find(({ version }) => version === '')?.path ?? name);

/** The package URL of an image, by its digest: https://github.com/package-url/purl-spec */
function imageUrl({ repository, digest, platform }: SbomedImage): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase();
  return `pkg:oci/${name}@${encodeURIComponent(digest)}?arch=${archOf(platform)}&repository_url=${encodeURIComponent(repository)}`;
}

/** Go's `h1:` of a module is a sha256 in base64. */
const sha256Of = (sum: string): string | undefined =>
  sum.startsWith('h1:') ? Buffer.from(sum.slice('h1:'.length), 'base64').toString('hex') : undefined;

/** https://spdx.github.io/spdx-spec/v2.3/ */
export function spdx(sbom: Sbom): object {
  const ref = (text: string): string => `SPDXRef-${text.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}`;
  const licensed = ({ license, copyright }: Licensed) => ({
    ...{ downloadLocation: 'NOASSERTION', filesAnalyzed: false },
    ...{ licenseConcluded: license ?? 'NOASSERTION', licenseDeclared: license ?? 'NOASSERTION' },
    copyrightText: copyright ?? 'NOASSERTION',
  });
  const purl = (url: string) => ({
    ...{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: url },
  });
  const supplier = `Organization: ${ownSupplier(sbom)}`;
  const content = {
    packages: [
      ...sbom.images.map((image) => ({
        ...{ SPDXID: ref(imageId(image)), name: image.repository, versionInfo: sbom.version, supplier },
        primaryPackagePurpose: 'CONTAINER',
        checksums: [{ algorithm: 'SHA256', checksumValue: image.digest.replace(/^sha256:/, '') }],
        externalRefs: [purl(imageUrl(image))],
        ...licensed({}),
      })),
      ...sbom.binaries.map((binary) => ({
        SPDXID: ref(idOf(binary)),
        name: binary.name,
        versionInfo: sbom.version,
        packageFileName: idOf(binary),
        supplier,
        primaryPackagePurpose: 'APPLICATION',
        checksums: [{ algorithm: 'SHA256', checksumValue: binary.sha256 }],
        ...licensed(sbom.own),
      })),
      ...modulesOf(sbom).map((module) => ({
        SPDXID: ref(module.url),
        name: module.path,
        versionInfo: module.version || sbom.version,
        supplier: `Organization: ${supplierOf(module.path)}`,
        ...(sha256Of(module.sum) === undefined
          ? {}
          : { checksums: [{ algorithm: 'SHA256', checksumValue: sha256Of(module.sum) }] }),
        externalRefs: [
          purl(module.url),
          ...(module.sum === ''
            ? []
            : [{ referenceCategory: 'OTHER', referenceType: 'go-sum', referenceLocator: module.sum }]),
        ],
        ...licensed(module),
      })),
    ],
    relationships: [
      ...sbom.images.flatMap((image) => [
        { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: ref(imageId(image)) },
        ...heldBy(image, sbom).map((binary) => ({
          spdxElementId: ref(imageId(image)),
          relationshipType: 'CONTAINS',
          relatedSpdxElement: ref(idOf(binary)),
        })),
      ]),
      ...sbom.binaries.flatMap((binary) => [
        { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: ref(idOf(binary)) },
        ...binary.modules.map(({ url }) => ({
          spdxElementId: ref(idOf(binary)),
          relationshipType: 'DEPENDS_ON',
          relatedSpdxElement: ref(url),
        })),
      ]),
    ],
  };
  // Unique to this bill, and the same for the same bill.
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${sbom.name} ${sbom.version}`,
    documentNamespace: `urn:slipway:spdx:${digest}`,
    creationInfo: { created: timeOf(sbom), creators: ['Tool: slipway', `Organization: ${ownSupplier(sbom)}`] },
    ...content,
  };
}

const imageId = ({ repository, platform }: SbomedImage): string => `image/${platform}/${repository}`;

const heldBy = ({ platform, holds }: SbomedImage, { binaries }: Sbom): LinkedBinary[] =>
  binaries.filter((binary) => binary.platform === platform && holds.includes(binary.name));

/** https://cyclonedx.org/docs/1.6/json/ */
export function cyclonedx(sbom: Sbom): object {
  const licensed = ({ license, copyright }: Licensed) => ({
    ...(license === undefined ? {} : { licenses: [{ license: { id: license, acknowledgement: 'concluded' } }] }),
    ...(copyright === undefined ? {} : { copyright }),
  });
  const supplier = { name: ownSupplier(sbom) };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: timeOf(sbom),
      tools: { components: [{ type: 'application', name: 'slipway' }] },
      component: { type: 'application', 'bom-ref': sbom.name, name: sbom.name, version: sbom.version },
      supplier,
    },
    components: [
      ...sbom.images.map((image) => ({
        type: 'container',
        'bom-ref': imageId(image),
        supplier,
        name: image.repository,
        version: sbom.version,
        hashes: [{ alg: 'SHA-256', content: image.digest.replace(/^sha256:/, '') }],
        purl: imageUrl(image),
      })),
      ...sbom.binaries.map((binary) => ({
        type: 'application',
        'bom-ref': idOf(binary),
        supplier,
        name: binary.name,
        version: sbom.version,
        hashes: [{ alg: 'SHA-256', content: binary.sha256 }],
        ...licensed(sbom.own),
      })),
      ...modulesOf(sbom).map((module) => ({
        type: 'library',
        'bom-ref': module.url,
        supplier: { name: supplierOf(module.path) },
        name: module.path,
        version: module.version || sbom.version,
        ...(sha256Of(module.sum) === undefined ? {} : { hashes: [{ alg: 'SHA-256', content: sha256Of(module.sum) }] }),
        ...licensed(module),
        purl: module.url,
        ...(module.sum === '' ? {} : { properties: [{ name: 'slipway:go-sum', value: module.sum }] }),
      })),
    ],
    dependencies: [
      { ref: sbom.name, dependsOn: [...sbom.images.map(imageId), ...sbom.binaries.map(idOf)] },
      ...sbom.images.map((image) => ({ ref: imageId(image), dependsOn: heldBy(image, sbom).map(idOf) })),
      ...sbom.binaries.map((binary) => ({
        ref: idOf(binary),
        dependsOn: [...new Set(binary.modules.map(({ url }) => url))].sort(),
      })),
    ],
  };
}
