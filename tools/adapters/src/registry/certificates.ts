import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '@slipway/model';
import { believed } from '../network/trust-the-machine.ts';
import type { TlsIdentity } from '../network/fetch-with.ts';

/** Directories where docker, podman and skopeo look for certificates of a registry. Messages name the first. */
export const certificatePlaces = (environment: Environment): string[] => {
  const home = environment['HOME'] ?? '/';
  const config = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  const docker = environment['DOCKER_CONFIG'] || join(home, '.docker');
  return ['/etc/docker', join(config, 'docker'), docker, '/etc/containers', join(config, 'containers')].map((place) =>
    join(place, 'certs.d'),
  );
};

/**
 * The certificates for a registry in `certs.d/HOST`: `*.crt` are authorities in addition to the machine's, and `*.cert`
 * with `*.key` is the client certificate. They are used for this registry only. Undefined if there are none.
 */
export async function certificatesOf(host: string, environment: Environment): Promise<TlsIdentity | undefined> {
  const authorities: string[] = [];
  let shown: Pick<TlsIdentity, 'cert' | 'key'> = {};
  for (const place of certificatePlaces(environment)) {
    const directory = join(place, host);
    const names = (await readdir(directory).catch(() => [])).sort();
    const text = (name: string): Promise<string> => readFile(join(directory, name), 'utf8').catch(() => '');
    for (const name of names.filter((each) => each.endsWith('.crt'))) authorities.push(await text(name));
    const pair = names.find((each) => each.endsWith('.cert') && names.includes(each.replace(/\.cert$/, '.key')));
    if (pair !== undefined && shown.cert === undefined)
      shown = { cert: await text(pair), key: await text(pair.replace(/\.cert$/, '.key')) };
  }
  if (authorities.length === 0 && shown.cert === undefined) return undefined;
  return { ca: [...believed(), ...authorities], ...shown };
}
