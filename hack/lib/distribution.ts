import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from './build-package.ts';
import { buildNxPackage } from './nx-package.ts';
import { type ExecutablePlatform, nodePackages, pinnedNode } from './pinned-node.ts';

/**
 * Makes everything that is handed out, in an empty directory; gives the names of the files, SHA256SUMS the last. An executable whose Node
 * cannot be fetched is left out, and the reason is printed.
 */
export async function makeDistribution(directory: string): Promise<readonly string[]> {
  const made = join(directory, 'package');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const { version } = await buildPackage(made);
  const nx = join(directory, 'nx');
  await buildNxPackage(nx, version);
  const nodes = join(directory, 'nodes');
  mkdirSync(nodes);
  const executables = (Object.keys(nodePackages) as ExecutablePlatform[]).flatMap((platform) => {
    const node = pinnedNode(platform, nodes);
    if (typeof node === 'string') return [makeExecutable(platform, { node, version, directory })];
    console.error(`no executable for ${platform}: ${node.why}`);
    return [];
  });
  const files = [packNpm(made, directory), packNpm(nx, directory), ...executables];
  for (const used of [made, nx, nodes]) rmSync(used, { recursive: true });
  const sums = files.map((file) => `${sha256(join(directory, file))}  ${file}\n`).join('');
  writeFileSync(join(directory, 'SHA256SUMS'), sums);
  return [...files, 'SHA256SUMS'];
}

/** Any Node of this machine may run npm: nothing of the package is run. */
export function packNpm(from: string, to: string): string {
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', to, from];
  const said = execFileSync('npm', words, { cwd: to, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return (JSON.parse(said) as [{ filename: string }])[0].filename;
}

interface Making {
  /** Directory of the Node of the platform. */
  readonly node: string;
  readonly version: string;
  readonly directory: string;
}

/** The program with the Node it is tested with beside it, and a command that starts the one with the other. */
function makeExecutable(platform: ExecutablePlatform, { node, version, directory }: Making): string {
  const name = `slipway-${version}-${platform}`;
  const place = join(directory, name);
  cpSync(join(directory, 'package'), join(place, 'lib'), { recursive: true });
  for (const file of ['LICENSE', 'THIRD-PARTY.txt', 'README.md'])
    renameSync(join(place, 'lib', file), join(place, file));
  for (const file of ['slipway.cjs', 'config.d.ts']) rmSync(join(place, 'lib', file));
  copyFileSync(join(node, 'bin/node'), join(place, 'lib/node'));
  copyFileSync(join(node, 'LICENSE'), join(place, 'NODE-LICENSE'));
  writeFileSync(join(place, 'slipway'), launcher);
  for (const file of ['slipway', 'lib/node']) chmodSync(join(place, file), 0o755);
  // The same bytes whoever makes it, and when.
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=go+r-w'];
  execFileSync('tar', [...same, '--use-compress-program=gzip -n', '-cf', `${name}.tar.gz`, name], { cwd: directory });
  rmSync(place, { recursive: true });
  return `${name}.tar.gz`;
}

/** Found through links, so that one on PATH is enough. */
const launcher = `#!/bin/sh
file=$(readlink -f -- "$0") || exit 3
exec "\${file%/*}/lib/node" "\${file%/*}/lib/slipway.mjs" "$@"
`;

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
