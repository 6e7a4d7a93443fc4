import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { timeouts } from './timeouts.ts';
import type { Repo } from './repo-rig.ts';
import type { Ended } from './slipway-process.ts';

/** The engine the tests use: that of this machine, or another one by its socket. */
export const usualSocket = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace('unix://', '');

interface Question {
  readonly socket?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Asks an engine; undefined for an empty answer. Rejects when none answers. */
export function engine<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  { socket = usualSocket, body }: Question = {},
): Promise<T> {
  return new Promise((answer, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const asked = request({ socketPath: socket, method, path, headers }, (response) => {
      text(response)
        .then((said) => answer((said === '' ? undefined : JSON.parse(said)) as T))
        .catch(reject);
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Why tests have no engine, if so. Its owner starts one; `npm test` on a CI machine does. */
export async function whyNoEngine(): Promise<string | undefined> {
  return engine('GET', '/version').then(
    () => undefined,
    () => 'no container engine answers: node hack/prepare-machine.ts',
  );
}

/** Packages of the smallest image that runs scripts and builds with cgo, so that it is made in seconds. */
export const smallestImage = 'base-passwd bash coreutils dash findutils gcc grep gzip libc6-dev make sed tar';

/** Objects of an engine with the label of a tree: see madeFor. */
export const labelOf = (tree: Repo): string =>
  createHash('md5').update(`${hostname()}:${tree.dir}`).digest('hex').slice(0, 10);

/** The build containers a tree has. */
export async function buildContainers(tree: Repo, socket: string = usualSocket): Promise<string[]> {
  const names = await madeFor(labelOf(tree), socket);
  return names.filter((name) => /^container kube-build-[0-9a-f]{10}-/.test(name)).map((name) => name.split(' ')[1]!);
}

/** Whether a command runs in the build container of a tree: that, and not one of a sync. */
export async function executing(command: string, tree: Repo, socket: string = usualSocket): Promise<boolean> {
  const [name] = await buildContainers(tree, socket);
  if (name === undefined) return false;
  // Not `top`, which podman answers with nothing for an image without ps.
  const { ExecIDs } = await engine<{ ExecIDs: string[] | null }>('GET', `/containers/${name}/json`, { socket });
  for (const id of ExecIDs ?? []) {
    const { Running, ProcessConfig } = await engine<ExecState>('GET', `/exec/${id}/json`, { socket });
    if (Running && [ProcessConfig.entrypoint, ...ProcessConfig.arguments].join(' ') === command) return true;
  }
  return false;
}

interface ExecState {
  readonly Running: boolean;
  readonly ProcessConfig: { readonly entrypoint: string; readonly arguments: readonly string[] };
}

/** Until something of an engine holds, which is asked now and then. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + timeouts.event; performance.now() < end; await sleep(100))
    if (await holds()) return;
  throw new Error(`it did not come to that in ${timeouts.event / 60_000} minutes`);
}

/** Without the words about a longer wait, as on a busy machine. */
export const withoutWaiting = (ended: Ended): Ended => ({ ...ended, stderr: ended.stderr.replace(/^.* …\n/gm, '') });

/** Names of what carries the label of a tree, images by their tags. */
export async function madeFor(tree: string, socket: string = usualSocket): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`slipway.tree=${tree}`] }));
  const containers = await engine<{ Names: string[] }[]>('GET', `/containers/json?all=1&filters=${filters}`, {
    socket,
  });
  const { Volumes } = await engine<{ Volumes: { Name: string }[] | null }>('GET', `/volumes?filters=${filters}`, {
    socket,
  });
  const images = await engine<{ RepoTags: string[] | null }[]>('GET', `/images/json?filters=${filters}`, { socket });
  return [
    ...containers.map(({ Names }) => `container ${Names[0]!.slice(1)}`),
    ...(Volumes ?? []).map(({ Name }) => `volume ${Name}`),
    ...images.map(({ RepoTags }) => `image ${nameOf(RepoTags)}`),
  ].sort();
}

/** Podman names an image without a registry by its default registry; a replaced image has no name. */
const nameOf = (tags: readonly string[] | null): string =>
  tags?.[0]?.replace(/^(?:docker\.io\/library|localhost)\//, '') ?? '<none>:<none>';

/** Has the engine send an image to the registry in its name. */
export async function pushImage(repository: string, tag: string): Promise<void> {
  const said = await new Promise<string>((answered, reject) => {
    const path = `/images/${repository}/push?tag=${tag}`;
    // Nobody: the engine asks for this header, and the registry for nothing.
    const headers = { 'X-Registry-Auth': Buffer.from('{}').toString('base64') };
    const asked = request({ socketPath: usualSocket, method: 'POST', path, headers }, (response) => {
      text(response).then(answered, reject);
    });
    asked.on('error', reject);
    asked.end();
  });
  if (/"error"/.test(said)) throw new Error(said);
}
