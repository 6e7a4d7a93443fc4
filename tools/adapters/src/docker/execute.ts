import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { FailureError } from '@slipway/model';
import { interruptedBy, throwIfInterrupted } from '../process/interrupted.ts';
import { type EngineAddress, formatAddress } from './address.ts';
import { demultiplex, write } from './demultiplex.ts';
import { failureOfEngine, statusOf } from './failure.ts';
import type { ContainerCommand } from './port.ts';

/** Key sequences that no program uses. Docker's default, Ctrl-P Ctrl-Q, would swallow every Ctrl-P in a shell. */
const DETACH_KEYS = 'ctrl-@,ctrl-^,ctrl-@';

/**
 * Runs a command in a running container. The end of its output proves nothing, because an engine that dies ends it too.
 * Only the engine's exit code is a proof; without it the command counts as lost.
 */
export async function execute(docker: Docker, address: EngineAddress, command: ContainerCommand): Promise<number> {
  const { container, signal, argv } = command;
  const did = `running ${argv.slice(0, 3).join(' ')} in ${container}`;
  throwIfInterrupted(signal);
  let exec: Docker.Exec;
  let stream: Duplex;
  try {
    exec = await docker.getContainer(container).exec(request(command));
    stream = await exec.start({
      hijack: true,
      stdin: command.input !== undefined,
      Tty: command.terminal !== undefined,
    });
  } catch (error) {
    if (isGone(error)) throw lost(container, 'it is not there');
    throw failureOfEngine(error, address, did);
  }
  const stop = (): void =>
    void docker
      .getContainer(container)
      .kill()
      .catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  // The signal came during the request to the engine and will not come again.
  if (signal.aborted) stop();
  try {
    followSize(exec, command);
    command.input?.pipe(stream);
    await (
      command.terminal === undefined ? demultiplex(stream, command.output, command.errors) : copy(stream, command)
    ).catch(() => {});
    return await exitCode(docker, exec, container);
  } catch (error) {
    if (signal.aborted) throw interruptedBy(signal);
    if (error instanceof FailureError) throw error;
    throw statusOf(error) === undefined
      ? new FailureError({ code: 'ENGINE_LOST', where: formatAddress(address), did })
      : failureOfEngine(error, address, did);
  } finally {
    signal.removeEventListener('abort', stop);
    command.input?.unpipe(stream);
    stream.destroy();
  }
}

const request = ({ argv, user, cwd, env, input, terminal }: ContainerCommand): Docker.ExecCreateOptions => ({
  Cmd: [...argv],
  User: user,
  AttachStdin: input !== undefined,
  AttachStdout: true,
  AttachStderr: true,
  Tty: terminal !== undefined,
  DetachKeys: DETACH_KEYS,
  Env: Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`),
  ...(cwd === undefined ? {} : { WorkingDir: cwd }),
});

/** Forwards the size of the terminal, now and after each change. */
function followSize(exec: Docker.Exec, { terminal }: ContainerCommand): void {
  if (terminal === undefined) return;
  const resize = (w: number, h: number): void => void exec.resize({ w, h }).catch(() => {});
  resize(terminal.columns, terminal.rows);
  terminal.onResize(resize);
}

async function copy(stream: Duplex, { output }: ContainerCommand): Promise<void> {
  stream.on('data', (chunk: Buffer) => {
    stream.pause();
    void write(output, chunk).then(() => stream.resume());
  });
  await Promise.race([once(stream, 'end'), once(stream, 'close')]);
}

async function exitCode(docker: Docker, exec: Docker.Exec, container: string): Promise<number> {
  const exit = await exitOnceEnded(docker, exec, container);
  if (exit === null) throw lost(container, 'the engine no longer reports its result');
  if (exit === 0) return 0;
  const state = await stateAfter(docker, container, exit);
  if (state?.Running !== true)
    throw lost(
      container,
      state?.OOMKilled === true ? 'memory ran out' : 'it was killed, or the engine was started anew',
    );
  return exit;
}

/**
 * The output ends before the engine knows the exit code, later on a busy machine. Null if the command still runs and
 * only its output was cut.
 */
async function exitOnceEnded(docker: Docker, exec: Docker.Exec, container: string): Promise<number | null> {
  for (let pause = 10; pause < LAG; pause *= 2) {
    const { Running, ExitCode } = await exec.inspect().catch((error: unknown) => {
      if (statusOf(error) === 404) throw lost(container, 'it was removed, or the engine was started anew');
      throw error;
    });
    if (!Running) return ExitCode;
    const state = await stateOf(docker, container);
    if (state?.Running !== true) throw lost(container, 'it was killed, or the engine was started anew');
    await sleep(pause);
  }
  return null;
}

/** The commands of a killed container end with it, but it counts as running for a moment. */
async function stateAfter(docker: Docker, container: string, exit: number): Promise<State | undefined> {
  for (let tries = exit === KILLED ? 10 : 1; ; tries -= 1) {
    const state = await stateOf(docker, container);
    if (state?.Running !== true || tries <= 1) return state;
    await sleep(100);
  }
}

/** Undefined for a removed container. */
async function stateOf(docker: Docker, container: string): Promise<State | undefined> {
  try {
    return (await docker.getContainer(container).inspect()).State;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Milliseconds that an engine may need to notice the end of a command. */
const LAG = 20_000;

type State = Docker.ContainerInspectInfo['State'];

/** 128 and SIGKILL. */
const KILLED = 137;

const isGone = (error: unknown): boolean => statusOf(error) === 404 || statusOf(error) === 409;

const lost = (container: string, fact: string): FailureError =>
  new FailureError({ code: 'CONTAINER_LOST', container, fact });
