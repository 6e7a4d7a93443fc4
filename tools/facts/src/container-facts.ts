import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { buildImagePackages } from '@slipway/catalog';
import type { CommandRunner, ContainerEngine } from '@slipway/adapters';
import { type ContainerFacts, type Environment, gitEnvironment, gitQuestion } from '@slipway/model';
import type { Rooted } from './disk.ts';

/** The files that Go tries, in its order. */
const certificateFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

interface Reading extends Rooted {
  readonly environment: Environment;
  readonly runner: CommandRunner;
  readonly engine: ContainerEngine;
  readonly signal: AbortSignal;
}

/** Facts that only the containerized flow needs: the user, the branch, the tree's build image settings. */
export async function readContainerFacts(reading: Reading): Promise<ContainerFacts> {
  const { uid, gid } = userInfo();
  const text = (name: string): string | undefined =>
    reading.disk.readText(join(reading.root, 'build/build-image', name))?.trim();
  return {
    hostname: hostname(),
    branch: await branchOf(reading),
    user: `${uid}:${gid}`,
    run: randomUUID(),
    version: { build: text('VERSION') || undefined, cross: text('cross/VERSION') || undefined },
    packages: packagesOf(text('packages.txt')),
    remote: reading.engine.isRemote(),
    certificates: [reading.environment['SSL_CERT_FILE'] ?? '', ...certificateFiles].find(
      (path) => path !== '' && reading.disk.isFile(path),
    ),
  };
}

/** Empty for a detached commit, or without git. */
async function branchOf({ root, environment, runner, signal }: Reading): Promise<string> {
  const argv = gitQuestion('symbolic-ref', '--quiet', '--short', 'HEAD');
  const result = await runner.run({ argv, cwd: root, env: gitEnvironment(environment), signal }).catch(() => undefined);
  signal.throwIfAborted();
  return result?.exit === 0 ? result.stdout.trim() : '';
}

/** One package on each line; text after a # is a comment. */
const packagesOf = (text: string | undefined): readonly string[] =>
  text === undefined
    ? buildImagePackages
    : text.split('\n').flatMap((line) =>
        line
          .replace(/#.*/, '')
          .split(/\s+/)
          .filter((word) => word !== ''),
      );
