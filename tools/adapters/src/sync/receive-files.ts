import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { FailureError } from '@slipway/model';
import type { ContainerEngine } from '../docker/port.ts';
import { unpackFiles } from '../docker/unpack-files.ts';
import { RefusedTar } from '../tar/read-tar.ts';
import type { FetchRequest } from './port.ts';

/** Copies files of a container in one tar, each atomically, with its mode and time. They belong to the user here. */
export async function receiveFiles(request: FetchRequest, engine: ContainerEngine): Promise<void> {
  const { container, user, signal, files } = request;
  if (files.length === 0) return;
  const places = new Map(files.map(({ from, to }) => [from, to]));
  const output = new PassThrough();
  const errors = new PassThrough();
  const said = text(errors);
  said.catch(() => {});
  const written = unpackFiles(output, places);
  written.catch(() => {});
  try {
    const exit = await engine.execute({
      container,
      user,
      signal,
      argv: [
        'tar',
        '--create',
        '--file=-',
        '--absolute-names',
        '--hard-dereference',
        '--null',
        '--verbatim-files-from',
        '--files-from=-',
      ],
      input: Readable.from([[...places.keys()].map((path) => `${path}\0`).join('')]),
      output,
      errors,
    });
    output.end();
    errors.end();
    if (exit !== 0)
      throw new FailureError({
        code: 'SYNC_FAILED',
        fact: `tar in ${container} ended with ${exit}: ${(await said).trim().split('\n').slice(0, 3).join('; ')}`,
        hint: 'run it again; slipway make-clean gives the tree a new volume',
      });
    await written.catch((error: unknown) => {
      throw error instanceof RefusedTar ? unreadable(container, error.message) : error;
    });
  } finally {
    output.destroy();
    errors.destroy();
  }
  if (places.size > 0)
    throw new FailureError({
      code: 'FILE_MISSING',
      path: [...places.values()][0]!,
      why: `the command in ${container} should have made it`,
    });
}

const unreadable = (container: string, fact: string): FailureError =>
  new FailureError({
    code: 'SYNC_FAILED',
    fact: `what tar in ${container} sent cannot be read: ${fact}`,
    hint: 'run it again; slipway make-clean gives the tree a new volume',
  });
