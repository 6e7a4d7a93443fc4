import { readFileSync } from 'node:fs';

/** Replaced with the text of that file when the bundle is made. */
declare const SLIPWAY_CONFIG_TYPES: string | undefined;

/** What `import type { Config } from 'slipway'` means where no package of that name is installed. */
export const configTypes = (): string => `// Written by slipway init: the types of slipway.config.ts.
declare module 'slipway' {
${typesOfConfig().replace(/^\/\*[^]*?\*\/\n/, '')}}
`;

const typesOfConfig = (): string =>
  typeof SLIPWAY_CONFIG_TYPES === 'string'
    ? SLIPWAY_CONFIG_TYPES
    : readFileSync(new URL('../../catalog/src/config.ts', import.meta.url), 'utf8');
