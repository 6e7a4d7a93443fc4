import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';

export interface FileServer extends AsyncDisposable {
  readonly address: string;
}

/** Serves the files of a directory, at an address below its host. */
export async function serveFiles(directory: string): Promise<FileServer> {
  const server = createServer((request, response) => {
    const path = join(directory, basename(decodeURIComponent(request.url!)));
    if (!existsSync(path)) return void response.writeHead(404).end();
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
