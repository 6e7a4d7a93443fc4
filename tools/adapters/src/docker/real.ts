import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex, Readable } from 'node:stream';
import type Docker from 'dockerode';
import { type Environment, FailureError, type Meter, labels as labelNames } from '@slipway/model';
import { interruptedBy, throwIfInterrupted } from '../process/interrupted.ts';
import { engineAddress } from './address.ts';
import { type Connection, connect } from './connect.ts';
import { describe } from './describe.ts';
import { execute } from './execute.ts';
import { failureOfEngine, messageOf, statusOf } from './failure.ts';
import { packDirectories, packFiles } from './pack-files.ts';
import type { ContainerEngine, DataContainer, ContainerSpec, ImageBuild } from './port.ts';
import { sweep, untilGone } from './sweep.ts';

/** Seconds that a container waits for a line from the process that started it. */
const LONGEST_WAIT = 20;
const LOOPBACK = '127.0.0.1';
/** Milliseconds that an engine may need to remove a container. */
const REMOVAL = 10_000;

/** Uses the engine that the environment names, through dockerode. The signal also ends a connection attempt. */
export function realContainerEngine(environment: Environment, stopped: AbortSignal): ContainerEngine {
  let connected: Promise<Connection> | undefined;
  const started = new Map<string, { id: string; keeper?: Duplex }>();
  const connection = (): Promise<Connection> =>
    (connected ??= connect(engineAddress(environment), environment, stopped));
  const using = async <T>(did: string, work: (docker: Docker) => Promise<T>): Promise<T> => {
    const { docker, address } = await connection();
    try {
      return await work(docker);
    } catch (error) {
      throw failureOfEngine(error, address, did);
    }
  };
  const endContainer = async (name: string): Promise<void> => {
    const container = started.get(name);
    if (container === undefined) return;
    started.delete(name);
    const { docker } = await connection();
    await untilGone(() => docker.getContainer(container.id).remove({ force: true, v: true })).catch(() => {});
    // Otherwise the connection keeps this process alive for minutes.
    container.keeper?.destroy();
  };
  return {
    isRemote: () => engineAddress(environment).kind !== 'socket',
    describe: () => using('reading its version', describe),
    image: (reference) => using(`looking up image ${reference}`, (docker) => findImage(docker, reference)),
    pullImage: (reference, name, how) =>
      using(`pulling image ${reference}`, async (docker) => {
        await pullImage(docker, reference, how);
        const [repo, tag] = name.split(':') as [string, string];
        await docker.getImage(reference).tag({ repo, tag });
      }),
    loadImage: (archive, signal) =>
      using('loading an image', async (docker) => {
        await follow(docker, await docker.loadImage(archive as NodeJS.ReadableStream), signal);
      }),
    buildImage: (build, signal) =>
      using(`building image ${build.reference}`, (docker) => buildImage(docker, build, signal)),
    volume: (name) =>
      using(`looking up volume ${name}`, async (docker) => {
        const found = await absentAsUndefined(docker.getVolume(name).inspect());
        return found === undefined ? undefined : { name, labels: found.Labels ?? {} };
      }),
    createVolume: ({ name, labels }) =>
      using(`creating volume ${name}`, async (docker) => {
        await docker.createVolume({ Name: name, Labels: { ...labels } });
      }),
    hasContainer: (name) =>
      using(`looking up container ${name}`, async (docker) => {
        return (await absentAsUndefined(docker.getContainer(name).inspect())) !== undefined;
      }),
    createDataContainer: (container) =>
      using(`creating container ${container.name}`, (docker) => createDataContainer(docker, container)),
    startContainer: (spec, signal) =>
      using(`starting container ${spec.name}`, async (docker) => {
        throwIfInterrupted(signal);
        const container = await createInPlaceOfStale(docker, spec);
        started.set(spec.name, { id: container.id });
        const keeper = await attach(container);
        keeper.on('error', () => {});
        started.set(spec.name, { id: container.id, keeper });
        await container.start();
        keeper.write('\n');
      }),
    execute: async (command) => {
      const { docker, address } = await connection();
      return execute(docker, address, command);
    },
    hasFile: (container, path) =>
      using(`looking for ${path} in ${container}`, async (docker) => {
        const found = await absentAsUndefined(docker.getContainer(container).infoArchive({ path }));
        // An unread answer without a body would keep its connection, and this process, alive.
        (found as Readable | undefined)?.destroy();
        return found !== undefined;
      }),
    endpoints: (container, port) =>
      using(`reading the address of ${container}`, async (docker) => {
        const { Ports, Networks } = (await docker.getContainer(container).inspect()).NetworkSettings;
        const published = (Ports[`${port}/tcp`] ?? []).map(({ HostIp, HostPort }) => ({
          host: HostIp,
          port: Number(HostPort),
        }));
        const own = Object.values(Networks).map(({ IPAddress }) => ({ host: IPAddress, port }));
        return [...published, ...own].filter(({ host }) => host !== '');
      }),
    sweep: (what, labels) => using('removing what slipway made', (docker) => sweep(docker, what, labels)),
    endContainer,
    async close() {
      for (const name of [...started.keys()]) await endContainer(name);
    },
  };
}

async function findImage(docker: Docker, reference: string): Promise<{ id: string; labels: Environment } | undefined> {
  const image = await absentAsUndefined(docker.getImage(reference).inspect());
  return image === undefined ? undefined : { id: image.Id, labels: image.Config.Labels ?? {} };
}

/** An engine answers 404 for a missing object. */
async function absentAsUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

async function pullImage(
  docker: Docker,
  reference: string,
  { signal, meter }: Parameters<ContainerEngine['pullImage']>[2],
): Promise<void> {
  try {
    await follow(docker, (await docker.pull(reference)) as Readable, signal, meter && layersFetched(meter));
  } catch (error) {
    if (signal.aborted || (statusOf(error) === undefined && !(error instanceof ProgressError))) throw error;
    throw new FailureError({
      code: 'IMAGE_FAILED',
      image: reference,
      fact: messageOf(error),
      hint: 'slipway make-build-image --from-packages makes one without a registry',
    });
  }
}

async function buildImage(docker: Docker, build: ImageBuild, signal: AbortSignal): Promise<string> {
  const { reference, context, labels, arguments: buildargs } = build;
  const options = { t: reference, labels: { ...labels }, buildargs: { ...buildargs }, forcerm: true };
  try {
    return await follow(docker, (await docker.buildImage(packFiles(context), options)) as Readable, signal);
  } catch (error) {
    if (!(error instanceof ProgressError)) throw error;
    throw new FailureError({
      code: 'IMAGE_FAILED',
      image: reference,
      fact: error.message,
      hint: `docker build ${context} shows it again`,
    });
  }
}

/** An error among the engine's progress messages. */
class ProgressError extends Error {}

/** Engines report the bytes of each layer repeatedly. */
function layersFetched(meter: Meter): (message: EngineMessage) => void {
  const known = new Map<string, number>();
  return ({ id = '', status, progressDetail: { current = 0, total = 0 } = {} }) => {
    if (status !== 'Downloading') return;
    if (!known.has(id)) meter.expect(total);
    meter.moved(Math.max(0, current - (known.get(id) ?? 0)));
    known.set(id, current);
  };
}

/** A progress message of an engine. */
interface EngineMessage {
  readonly stream?: string;
  readonly error?: string;
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

async function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
  onMessage: (message: EngineMessage) => void = () => {},
): Promise<string> {
  const stop = (): void => void (stream as Readable).destroy();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const messages = await new Promise<EngineMessage[]>((resolve, reject) => {
      stream.once('close', () => reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })));
      docker.modem.followProgress(stream, (error, result) => (error ? reject(error) : resolve(result)), onMessage);
    });
    const failed = messages.find((message) => message.error !== undefined);
    if (failed !== undefined) throw new ProgressError(failed.error);
    return messages.map((message) => message.stream ?? '').join('');
  } catch (error) {
    if (signal.aborted) throw interruptedBy(signal);
    throw error instanceof ProgressError || (error as { code?: string }).code !== undefined
      ? error
      : new ProgressError((error as Error).message);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function creation({ name, image, hostname, user, mounts, labels, cgroupParent, publish }: ContainerSpec) {
  return {
    name,
    Image: image,
    Hostname: hostname,
    User: user,
    Labels: { ...labels },
    // It idles as long as its standard input is open, which the engine closes when this process ends. If the process
    // ended before, the line that the container waits for never comes.
    Entrypoint: ['/bin/bash', '-c', `read -rt ${LONGEST_WAIT} && exec cat`],
    Cmd: [],
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    ...(publish === undefined ? {} : { ExposedPorts: { [`${publish.port}/tcp`]: {} } }),
    HostConfig: {
      Init: true,
      AutoRemove: true,
      Mounts: mounts.map(({ kind, from, to }) => ({ Type: kind, Source: from, Target: to })),
      ...(cgroupParent === undefined ? {} : { CgroupParent: cgroupParent }),
      ...(publish === undefined
        ? {}
        : { PortBindings: { [`${publish.port}/tcp`]: [{ HostIp: LOOPBACK, HostPort: String(publish.at ?? '') }] } }),
    },
  };
}

/** Podman prepares a container on attach. If a port is in use, it refuses and leaves the connection open. */
async function attach(container: Docker.Container): Promise<Duplex> {
  const refused = new AbortController();
  const abortSignal = refused.signal;
  try {
    return (await container.attach({ stream: true, stdin: true, hijack: true, abortSignal })) as Duplex;
  } catch (error) {
    refused.abort();
    throw error;
  }
}

async function createDataContainer(docker: Docker, container: DataContainer): Promise<void> {
  const { name, image, volume, path, directories, user, labels } = container;
  const made = await docker.createContainer({
    name,
    Image: image,
    Labels: { ...labels },
    HostConfig: { Mounts: [{ Type: 'volume', Source: volume, Target: path }] },
  });
  await made.putArchive(packDirectories(path, directories, user) as NodeJS.ReadableStream, { path: '/' });
}

/** Replaces a leftover of a crash. The caller holds the lock of the tree, so nobody uses it. */
async function createInPlaceOfStale(docker: Docker, spec: ContainerSpec): Promise<Docker.Container> {
  for (const end = performance.now() + REMOVAL; ; await sleep(100)) {
    try {
      return await docker.createContainer(creation(spec));
    } catch (error) {
      if (!isNameTaken(error) || performance.now() > end) throw error;
      const there = await absentAsUndefined(docker.getContainer(spec.name).inspect());
      const tree = there?.Config.Labels?.[labelNames.tree];
      if (there !== undefined && tree !== spec.labels[labelNames.tree])
        throw new FailureError({ code: 'CONTAINER_NAME_TAKEN', container: spec.name });
      if (there !== undefined)
        await docker
          .getContainer(there.Id)
          .remove({ force: true, v: true })
          .catch(() => {});
    }
  }
}

/** Docker answers 409, podman 500. */
const isNameTaken = (error: unknown): boolean =>
  statusOf(error) === 409 || (statusOf(error) === 500 && /already in use/.test(messageOf(error)));
