import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from './build-package.ts';
import { repositoryRoot } from './check.ts';
import { describeDistribution } from './distribution-papers.ts';
import { buildNxPackage } from './nx-package.ts';
import { type ExecutablePlatform, nodePackages, pinnedNode } from './pinned-node.ts';
import { makeToolImage } from './tool-image.ts';

interface Wanted {
  /** Also makes the image for a CI, which needs Debian, and the network for its packages. */
  readonly image?: boolean;
  /** File of the private key that signs, as `slipway release sign` takes it. */
  readonly key?: string | undefined;
}

/**
 * Makes all published files in an empty directory, as a set that `slipway release verify` checks, and returns their
 * names. An executable whose Node cannot be fetched is left out, and the reason is printed.
 */
export async function makeDistribution(directory: string, { image = false, key }: Wanted = {}): Promise<string[]> {
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
    if (typeof node === 'string') return [{ platform, file: makeExecutable(platform, { node, version, directory }) }];
    console.error(`no executable for ${platform}: ${node.why}`);
    return [];
  });
  const files = [packNpm(made, directory), packNpm(nx, directory), ...executables.map(({ file }) => file)];
  for (const used of [made, nx, nodes]) rmSync(used, { recursive: true });
  if (image) {
    const tools = executables.map(({ platform, file }) => ({
      arch: platform.slice('linux-'.length),
      executable: join(directory, file),
    }));
    files.push(await makeToolImage(tools, { version, directory, work: join(directory, 'image') }));
  }
  return [...files, ...describeDistribution(directory, files, version), ...sign(directory, key)];
}

/** Signs with the command for releases, which checks the set first. */
function sign(directory: string, key: string | undefined): string[] {
  if (key === undefined) return [];
  const words = [join(repositoryRoot, 'tools/cli/src/main.ts'), 'release', 'sign', directory, key];
  execFileSync(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  return ['provenance.sigstore.json'];
}

/** Any Node of this machine may run npm, because npm runs no code of the package. */
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

/** The program beside the Node it is tested with, and a command that starts both. */
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
  // The same bytes for everybody, at any time.
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=go+r-w'];
  execFileSync('tar', [...same, '--use-compress-program=gzip -n', '-cf', `${name}.tar.gz`, name], { cwd: directory });
  rmSync(place, { recursive: true });
  return `${name}.tar.gz`;
}

/** The command follows links, so that one on PATH is enough. */
const launcher = `#!/bin/sh
file=$(readlink -f -- "$0") || exit 3
exec "\${file%/*}/lib/node" "\${file%/*}/lib/slipway.mjs" "$@"
`;
