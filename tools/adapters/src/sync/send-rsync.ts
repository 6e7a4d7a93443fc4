import type { Duplex } from 'node:stream';
import { PassThrough } from 'node:stream';
import { FailureError } from '@slipway/model';
import type { ContainerEngine } from '../docker/port.ts';
import { startRsync } from './run-rsync.ts';
import type { Sending } from './sending.ts';

/**
 * The remote shell for rsync. It first writes the command for the other side to the local socket, and then connects its
 * own input and output to it. It ends with the command there, because rsync waits for that.
 */
const SHELL = `bash -c 'printf "%s\\0" "$@" "" >&3; exec 4<&0; cat <&4 >&3 & exec cat <&3' bash`;

/** Runs rsync here and in the build container. The streams of a command in the container connect them. */
export async function sendByRsync(sending: Sending, engine: ContainerEngine): Promise<void> {
  const { container, user, to, signal } = sending;
  const call = { options: ['-e', SHELL], destination: `container:${to}/`, variables: {} };
  const { socket, done } = await startRsync(sending, call);
  const argv = await Promise.race([wantedCommand(socket), done.then(() => [])]);
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough().resume()];
  socket.pipe(input);
  output.pipe(socket);
  // After the end, neither side waits for input or for space.
  const client = done.finally(() => {
    input.end();
    output.unpipe(socket);
    output.resume();
  });
  client.catch(() => {});
  const exit = await engine
    .execute({ container, user, signal, argv, input, output, errors })
    .finally(() => output.end());
  if (exit === 126 || exit === 127)
    throw new FailureError({ code: 'IMAGE_INCOMPLETE', container, tool: 'rsync', package: 'rsync' });
  await client;
}

/** The command line, which the shell above sends first, without the name of a host. */
function wantedCommand(socket: Duplex): Promise<string[]> {
  return new Promise((resolve) => {
    let text = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      text = Buffer.concat([text, chunk]);
      const end = text.indexOf('\0\0');
      if (end === -1) return;
      socket.off('data', read).pause();
      if (end + 2 < text.length) socket.unshift(text.subarray(end + 2));
      resolve(text.subarray(0, end).toString().split('\0').slice(1));
    };
    socket.on('data', read);
  });
}
