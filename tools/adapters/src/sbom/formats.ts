import { createHash } from 'node:crypto';
import type { LinkedBinary } from './linked.ts';
import type { SbomToWrite, LinkedModule } from './port.ts';

type Sbom = Omit<SbomToWrite, 'binaries' | 'format' | 'vendor'> & { readonly binaries: readonly LinkedBinary[] };

const timeOf = ({ time }: Sbom): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z');

/** Each module once, sorted, however many binaries have it. */
const modulesOf = ({ binaries }: Sbom): LinkedModule[] =>
  [...new Map(binaries.flatMap(({ modules }) => modules).map((each) => [each.url, each])).values()].sort((a, b) =>
    a.url < b.url ? -1 : 1,
  );

const idOf = ({ platform, name }: LinkedBinary): string => `${platform}/${name}`;

/** https://spdx.github.io/spdx-spec/v2.3/ */
export function spdx(sbom: Sbom): object {
  const ref = (text: string): string => `SPDXRef-${text.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}`;
  const unknown = {
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'NOASSERTION',
    copyrightText: 'NOASSERTION',
  };
  const content = {
    packages: [
      ...sbom.binaries.map((binary) => ({
        SPDXID: ref(idOf(binary)),
        name: binary.name,
        versionInfo: sbom.version,
        packageFileName: idOf(binary),
        primaryPackagePurpose: 'APPLICATION',
        checksums: [{ algorithm: 'SHA256', checksumValue: binary.sha256 }],
        ...unknown,
      })),
      ...modulesOf(sbom).map((module) => ({
        SPDXID: ref(module.url),
        name: module.path,
        versionInfo: module.version || sbom.version,
        externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: module.url }],
        ...unknown,
        ...(module.license === undefined ? {} : { licenseDeclared: module.license }),
      })),
    ],
    relationships: sbom.binaries.flatMap((binary) => [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: ref(idOf(binary)) },
      ...binary.modules.map(({ url }) => ({
        spdxElementId: ref(idOf(binary)),
        relationshipType: 'DEPENDS_ON',
        relatedSpdxElement: ref(url),
      })),
    ]),
  };
  // A name nobody else has, and the same for the same bill.
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${sbom.name} ${sbom.version}`,
    documentNamespace: `urn:slipway:spdx:${digest}`,
    creationInfo: { created: timeOf(sbom), creators: ['Tool: slipway'] },
    ...content,
  };
}

/** https://cyclonedx.org/docs/1.6/json/ */
export function cyclonedx(sbom: Sbom): object {
  const modules = modulesOf(sbom);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: timeOf(sbom),
      tools: { components: [{ type: 'application', name: 'slipway' }] },
      component: { type: 'application', 'bom-ref': sbom.name, name: sbom.name, version: sbom.version },
    },
    components: [
      ...sbom.binaries.map((binary) => ({
        type: 'application',
        'bom-ref': idOf(binary),
        name: binary.name,
        version: sbom.version,
        hashes: [{ alg: 'SHA-256', content: binary.sha256 }],
      })),
      ...modules.map(({ path, version, url, license }) => ({
        type: 'library',
        'bom-ref': url,
        name: path,
        version: version || sbom.version,
        purl: url,
        ...(license === undefined ? {} : { licenses: [{ license: { id: license } }] }),
      })),
    ],
    dependencies: [
      { ref: sbom.name, dependsOn: sbom.binaries.map(idOf) },
      ...sbom.binaries.map((binary) => ({
        ref: idOf(binary),
        dependsOn: [...new Set(binary.modules.map(({ url }) => url))].sort(),
      })),
    ],
  };
}
