import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Validate, compileSchema } from './json-schema.ts';
import { pinnedWheel } from './pinned-wheel.ts';

const files = {
  'SPDX 2.3': ['spdx/2.3-schema.json'],
  'CycloneDX 1.6': ['cyclonedx/bom-1.6.schema.json', 'cyclonedx/spdx.schema.json', 'cyclonedx/jsf-0.82.schema.json'],
} as const;

export type SbomFormat = keyof typeof files;

/** The errors of a document by the official schema of its format; `why` is the reason if the schemas are not available. */
export function sbomSchemas(): ((format: SbomFormat, sbom: object) => readonly string[]) | { readonly why: string } {
  const place = pinnedWheel('sbom-schemas');
  if (typeof place !== 'string') return place;
  const checks = new Map<SbomFormat, Validate>();
  const compiled = (format: SbomFormat): Validate => {
    const [schema, ...others] = files[format].map(
      (file) => JSON.parse(readFileSync(join(place, 'lib4sbom/schemas', file), 'utf8')) as object,
    );
    return compileSchema(schema!, others);
  };
  return (format, sbom) => {
    const check = checks.get(format) ?? compiled(format);
    checks.set(format, check);
    return check(sbom);
  };
}
