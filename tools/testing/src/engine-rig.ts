import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { resolve } from 'node:path';

const socket = '/var/run/docker.sock';

/** Asks the engine of this machine; undefined for an empty answer. Rejects when none answers. */
export function engine<T>(method: 'GET' | 'POST' | 'DELETE', path: string): Promise<T> {
  return new Promise((answer, reject) => {
    const asked = request({ socketPath: socket, method, path }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => answer((text === '' ? undefined : JSON.parse(text)) as T));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Has an engine answer, where this machine is one the tests may install one on; else why there is none. */
export async function whyNoEngine(): Promise<string | undefined> {
  const answers = await engine('GET', '/version').then(
    () => true,
    () => false,
  );
  if (answers) return undefined;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
    return 'no container engine answers, and one is installed on Debian as root only: node hack/start-engine.ts';
  try {
    execFileSync(process.execPath, [resolve(import.meta.dirname, '../../../hack/start-engine.ts')], {
      encoding: 'utf8',
    });
    return undefined;
  } catch (error) {
    return `node hack/start-engine.ts: ${(error as { stdout?: string }).stdout ?? String(error)}`;
  }
}

/** Names of what carries the label of a tree, images by their tags. */
export async function madeFor(tree: string): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`slipway.tree=${tree}`] }));
  const containers = await engine<{ Names: string[] }[]>('GET', `/containers/json?all=1&filters=${filters}`);
  const { Volumes } = await engine<{ Volumes: { Name: string }[] | null }>('GET', `/volumes?filters=${filters}`);
  const images = await engine<{ RepoTags: string[] }[]>('GET', `/images/json?filters=${filters}`);
  return [
    ...containers.map(({ Names }) => `container ${Names[0]!.slice(1)}`),
    ...(Volumes ?? []).map(({ Name }) => `volume ${Name}`),
    ...images.map(({ RepoTags }) => `image ${RepoTags[0]}`),
  ].sort();
}
