import { createHash } from 'node:crypto';
import { archOf } from '@slipway/model';
import type { LinkedBinary } from './linked.ts';
import type { BillToWrite, ImageToBill, LinkedModule } from './port.ts';

type Bill = Omit<BillToWrite, 'binaries' | 'format' | 'vendor' | 'image'> & {
  readonly binaries: readonly LinkedBinary[];
  readonly image?: LinkedImage;
};

interface LinkedImage extends ImageToBill {
  /** Of its manifest. */
  readonly digest: string;
}

const timeOf = ({ time }: Bill): string => new Date(time * 1000).toISOString().replace('.000Z', 'Z');

/** Each module once, sorted, however many binaries have it. */
const modulesOf = ({ binaries }: Bill): LinkedModule[] =>
  [...new Map(binaries.flatMap(({ modules }) => modules).map((each) => [each.url, each])).values()].sort((a, b) =>
    a.url < b.url ? -1 : 1,
  );

/** `pkg:oci/kube-proxy-arm64@sha256:…?repository_url=registry.example/kube-proxy-arm64` */
function imageUrl({ reference, digest, platform }: LinkedImage): string {
  const repository = reference.replace(/:[^:/]*$/, '');
  const name = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase();
  const of = new URLSearchParams({ arch: archOf(platform), repository_url: repository });
  return `pkg:oci/${name}@${encodeURIComponent(digest)}?${of}`;
}

const idOf = ({ platform, name }: LinkedBinary): string => `${platform}/${name}`;

/** https://spdx.github.io/spdx-spec/v2.3/ */
export function spdx(bill: Bill): object {
  const ref = (text: string): string => `SPDXRef-${text.replaceAll(/[^A-Za-z0-9.-]+/g, '-')}`;
  const unknown = {
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'NOASSERTION',
    copyrightText: 'NOASSERTION',
  };
  const { image } = bill;
  const purl = (url: string): object[] => [
    { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: url },
  ];
  const related = (from: string, relationshipType: string, to: string): object => ({
    spdxElementId: from,
    relationshipType,
    relatedSpdxElement: to,
  });
  const whole = image === undefined ? 'SPDXRef-DOCUMENT' : 'SPDXRef-image';
  const hasBase = image !== undefined && image.begins !== 'scratch';
  const content = {
    packages: [
      ...(image === undefined
        ? []
        : [
            {
              SPDXID: whole,
              name: image.reference,
              versionInfo: bill.version,
              primaryPackagePurpose: 'CONTAINER',
              externalRefs: purl(imageUrl(image)),
              ...unknown,
            },
          ]),
      ...(hasBase ? [{ SPDXID: 'SPDXRef-base', name: image.begins, ...unknown }] : []),
      ...bill.binaries.map((binary) => ({
        SPDXID: ref(idOf(binary)),
        name: binary.name,
        versionInfo: bill.version,
        packageFileName: idOf(binary),
        primaryPackagePurpose: 'APPLICATION',
        checksums: [{ algorithm: 'SHA256', checksumValue: binary.sha256 }],
        ...unknown,
      })),
      ...modulesOf(bill).map((module) => ({
        SPDXID: ref(module.url),
        name: module.path,
        versionInfo: module.version || bill.version,
        externalRefs: purl(module.url),
        ...unknown,
        ...(module.license === undefined ? {} : { licenseDeclared: module.license }),
      })),
    ],
    relationships: [
      ...(image === undefined ? [] : [related('SPDXRef-DOCUMENT', 'DESCRIBES', whole)]),
      ...(hasBase ? [related(whole, 'DESCENDANT_OF', 'SPDXRef-base')] : []),
      ...bill.binaries.flatMap((binary) => [
        related(whole, image === undefined ? 'DESCRIBES' : 'CONTAINS', ref(idOf(binary))),
        ...binary.modules.map(({ url }) => related(ref(idOf(binary)), 'DEPENDS_ON', ref(url))),
      ]),
    ],
  };
  // A name nobody else has, and the same for the same bill.
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${bill.name} ${bill.version}`,
    documentNamespace: `urn:slipway:spdx:${digest}`,
    creationInfo: { created: timeOf(bill), creators: ['Tool: slipway'] },
    ...content,
  };
}

/** https://cyclonedx.org/docs/1.6/json/ */
export function cyclonedx(bill: Bill): object {
  const modules = modulesOf(bill);
  const { image } = bill;
  const ancestors =
    image === undefined || image.begins === 'scratch' ? [] : [{ type: 'container', name: image.begins }];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: timeOf(bill),
      tools: { components: [{ type: 'application', name: 'slipway' }] },
      component: {
        type: image === undefined ? 'application' : 'container',
        'bom-ref': bill.name,
        name: bill.name,
        version: bill.version,
        ...(image === undefined ? {} : { purl: imageUrl(image) }),
        ...(ancestors.length === 0 ? {} : { pedigree: { ancestors } }),
      },
    },
    components: [
      ...bill.binaries.map((binary) => ({
        type: 'application',
        'bom-ref': idOf(binary),
        name: binary.name,
        version: bill.version,
        hashes: [{ alg: 'SHA-256', content: binary.sha256 }],
      })),
      ...modules.map(({ path, version, url, license }) => ({
        type: 'library',
        'bom-ref': url,
        name: path,
        version: version || bill.version,
        purl: url,
        ...(license === undefined ? {} : { licenses: [{ license: { id: license } }] }),
      })),
    ],
    dependencies: [
      { ref: bill.name, dependsOn: bill.binaries.map(idOf) },
      ...bill.binaries.map((binary) => ({
        ref: idOf(binary),
        dependsOn: [...new Set(binary.modules.map(({ url }) => url))].sort(),
      })),
    ],
  };
}
