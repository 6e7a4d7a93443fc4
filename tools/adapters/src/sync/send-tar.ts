import { PassThrough } from 'node:stream';
import { FailureError } from '@slipway/model';
import type { ContainerEngine } from '../docker/port.ts';
import { saysDiskFull } from '../process/disk-full.ts';
import { startProgram } from '../process/program.ts';
import { isMissingTool } from '../process/why-not-started.ts';
import { executed } from './executed.ts';
import type { Sending } from './sending.ts';

/** Records of 256 KiB, and buffers for a few. They take half the CPU time of 10 KiB records with Node's own buffer. */
const BLOCKING = '--blocking-factor=512';
const BUFFER = 2 ** 20;

/**
 * A tar that fails stops reading. The engine would then close the connection and lose the message of tar, so the rest
 * of the input is read.
 */
const UNPACK = 'tar --extract --file=- "$@"; code=$?; cat > /dev/null; exit $code';

/** Sends the output of a local `tar` to a `tar` in the container. The files belong to the user there. */
export async function sendTar(request: Sending, engine: ContainerEngine): Promise<void> {
  const { root, to, container, user, signal, paths, environment, meter } = request;
  const packing = await startProgram({
    argv: [
      'tar',
      ...['--create', '--file=-', '--format=pax', '--pax-option=delete=atime,delete=ctime', BLOCKING],
      ...['--no-recursion', '--null', '--verbatim-files-from', '--files-from=-'],
    ],
    cwd: root,
    env: { ...environment, LC_ALL: 'C' },
    signal,
  }).catch((error: unknown) => {
    throw isMissingTool(error) ? noTar : error;
  });
  packing.stdout.on('data', (piece: Buffer) => meter?.moved(piece.length));
  const archive = packing.stdout.pipe(new PassThrough({ highWaterMark: BUFFER }));
  packing.stdin.end(paths.map((path) => `${path}\0`).join(''));
  const unpacked = await executed(
    {
      container,
      user,
      signal,
      argv: ['bash', '-c', UNPACK, 'tar', '--preserve-permissions', '--no-same-owner', '-C', to],
      input: archive,
    },
    engine,
  ).finally(() => packing.kill());
  if (unpacked.exit !== 0) throw refused(unpacked, container);
  const exit = (await packing.ended) ?? 2;
  // 1: a file changed while it was read. The next sync detects that, and no result of this one is stored.
  if (exit > 1)
    throw new FailureError({
      code: 'SYNC_FAILED',
      fact: `tar could not read all of the tree: ${packing.said().trim().split('\n').slice(0, 3).join('; ')}`,
      hint: 'make the files readable, or run it again when nobody changes the tree',
    });
}

const noTar = new FailureError({
  code: 'TOOL_MISSING',
  tool: 'tar',
  why: 'files are sent with it',
  hint: 'apt-get install tar',
});

function refused({ exit, stderr }: { exit: number; stderr: string }, container: string): FailureError {
  if (saysDiskFull.test(stderr))
    return new FailureError({ code: 'ENGINE_FULL', what: `sending files to ${container}` });
  return new FailureError({
    code: 'SYNC_FAILED',
    fact: `tar in ${container} ended with ${exit}: ${stderr.trim().split('\n').slice(0, 3).join('; ')}`,
    hint: 'slipway make-clean gives it a new volume; then run it again',
  });
}
