import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HoldingProxy extends AsyncDisposable {
  readonly host: string;
  /** Settles when a request that is to be held has come. */
  readonly held: Promise<void>;
  /** Lets it go on. */
  release(): void;
}

/** Stands before an HTTP server, and holds the first request that `isHeld` names, before the server gets it. */
export async function holdingProxy(port: number, isHeld: (call: IncomingMessage) => boolean): Promise<HoldingProxy> {
  const come = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  let first = true;
  const pass = (call: IncomingMessage, answer: ServerResponse): void => {
    const { method, url, headers } = call;
    const far = request({ port, host: '127.0.0.1', method, path: url, headers }, (response) => {
      answer.writeHead(response.statusCode!, response.headers);
      response.pipe(answer);
    });
    far.on('error', () => answer.destroy());
    call.pipe(far);
  };
  const server = createServer((call, answer) => {
    if (!first || !isHeld(call)) return pass(call, answer);
    first = false;
    come.resolve();
    void gone.promise.then(() => pass(call, answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    held: come.promise,
    release: gone.resolve,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
