import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { limits, withoutRepository } from '@slipway/model';
import { stopOn, tie, watch } from './guard.ts';
import { throwIfInterrupted } from './interrupted.ts';
import type { ConnectedProgram, Program, ProgramRequest } from './port.ts';
import { whyNotStarted } from './why-not-started.ts';

/**
 * Starts a program in its own process group, with pipes. Resolves when it runs, and throws the errors of a
 * CommandRunner before. All programs that slipway communicates with are started here.
 */
export function startProgram(request: ProgramRequest, how: { readonly connected: true }): Promise<ConnectedProgram>;
export function startProgram(request: ProgramRequest): Promise<Program>;
export async function startProgram(request: ProgramRequest, how = { connected: false }): Promise<Program> {
  const { child, exited, ended } = await launch(request, how.connected ? [...PIPES, 'pipe'] : PIPES);
  const [stdin, stdout, stderr] = [child.stdin!, child.stdout!, child.stderr!];
  const socket = child.stdio[3] as unknown as Duplex | undefined;
  // The end of a program reports the loss of its input.
  for (const stream of [stdin, socket]) stream?.on('error', () => {});
  const program: Program = {
    ...{ stdin, stdout, exited, ended, said: gathered(stderr) },
    kill: () => void child.kill(),
    unref() {
      // Pipes are sockets, which can be unreferenced, too.
      for (const each of [child, stdin, stdout, stderr] as readonly object[]) (each as { unref(): void }).unref();
    },
  };
  return socket === undefined ? program : Object.assign(program, { socket });
}

/** The same with the terminal of this process. Resolves with the exit code at its end; undefined: a signal ended it. */
export async function runAttached(request: ProgramRequest): Promise<number | undefined> {
  const { ended } = await launch(request, ['inherit', 'inherit', 'inherit']);
  return ended;
}

type Way = 'pipe' | 'inherit';
type Ways = readonly [Way, Way, Way, Way?];

const PIPES = ['pipe', 'pipe', 'pipe'] as const;

async function launch(request: ProgramRequest, [stdin, stdout, stderr, extra]: Ways) {
  const [file, ...args] = request.argv as [string, ...string[]];
  // Imported on demand, because loading it takes longer than a whole run without programs.
  const { execa } = await import('execa');
  throwIfInterrupted(request.signal);
  watch();
  const running = execa(file, args, {
    cwd: request.cwd,
    env: { ...withoutRepository(request.env), PWD: request.cwd },
    extendEnv: false,
    detached: process.platform !== 'win32',
    reject: false,
    buffer: false,
    stdio: [stdin, stdout, stderr, ...(extra === undefined ? [] : [extra])],
  });
  const child = running.nodeChildProcess;
  const tied = tie(child.pid);
  const stop = stopOn(request.signal, child);
  const exited = once(child, 'exit').then(([code]) => {
    tied[Symbol.dispose]();
    stop[Symbol.dispose]();
    return (code as number | null) ?? undefined;
  });
  const ended = Promise.all([exited, new Promise((done) => child.once('close', done))]).then(([code]) => code);
  for (const each of [exited, ended]) each.catch(() => {});
  if (child.pid === undefined) throw await whyNotStarted(request, await running);
  return { child, exited, ended };
}

/** The output, up to the limit for any program. */
function gathered(stream: NodeJS.ReadableStream): () => string {
  const texts: string[] = [];
  let size = 0;
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    size += text.length;
    if (size <= limits.output.bytes) texts.push(text);
  });
  return () => texts.join('');
}
