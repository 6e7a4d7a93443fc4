import { readFileSync } from 'node:fs';

/** Replaced with the version's text when the bundle is made. */
declare const SLIPWAY_VERSION: string | undefined;

/** The version of this package: of the bundle, or in a checkout of tools/cli/package.json. */
export const slipwayVersion: string =
  typeof SLIPWAY_VERSION === 'string' ? SLIPWAY_VERSION : (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
