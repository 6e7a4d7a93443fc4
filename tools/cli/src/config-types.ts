import { readFileSync } from 'node:fs';

/** The bundler replaces it by the text of that file. */
declare const SLIPWAY_CONFIG_TYPES: string | undefined;

/** The types for `import type { Config } from 'slipway'` where the npm package is not installed. */
export const configTypes = (): string => `// Written by slipway init: the types of slipway.config.ts.
declare module 'slipway' {
${typesOfConfig().replace(/^\/\*[^]*?\*\/\n/, '')}}
`;

const typesOfConfig = (): string =>
  typeof SLIPWAY_CONFIG_TYPES === 'string'
    ? SLIPWAY_CONFIG_TYPES
    : readFileSync(new URL('../../catalog/src/config.ts', import.meta.url), 'utf8');
