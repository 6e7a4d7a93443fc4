import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The bundler replaces it by the version. */
declare const SLIPWAY_VERSION: string | undefined;

/** The version of this package: of the bundle, or from tools/cli/package.json in a checkout. */
export const slipwayVersion: string =
  typeof SLIPWAY_VERSION === 'string'
    ? SLIPWAY_VERSION
    : (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Changes whenever slipway may decide differently: in a checkout, with each changed source file. */
export const slipwayIdentity = (): string =>
  typeof SLIPWAY_VERSION === 'string' ? SLIPWAY_VERSION : `${slipwayVersion} ${newestSource()}`;

function newestSource(): number {
  const tools = join(import.meta.dirname, '../..');
  const sources = readdirSync(tools).map((name) => join(tools, name, 'src'));
  const files = sources.flatMap((dir) => readNames(dir).map((name) => join(dir, name)));
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

function readNames(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
  } catch {
    return [];
  }
}
