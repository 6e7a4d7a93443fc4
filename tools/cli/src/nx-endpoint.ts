import { createHash, hash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Store } from '@slipway/freshness';
import { makeDirectories } from '@slipway/adapters/make-directories';

/**
 * Nx's protocol for self-hosted caches, on the loopback interface: GET and PUT of /v1/cache/HASH with a bearer token.
 */
export interface NxEndpoint extends AsyncDisposable {
  /** The variables that tell Nx the address and the token. */
  readonly environment: Readonly<Record<string, string>>;
  /** Directory of temporary files. */
  readonly scratch: string;
}

/**
 * Nx aborts a run when its cache fails, and does not check content. So errors count as misses here, and the content is
 * checked. The server runs in the process that started Nx, and cannot end before Nx.
 */
export async function openNxEndpoint(store: Store): Promise<NxEndpoint> {
  const token = randomUUID();
  const scratch = join(tmpdir(), `slipway-nx-${randomUUID()}`);
  const server = createServer((request, response) => {
    const found = /^\/v1\/cache\/([\w.-]+)$/.exec(request.url ?? '')?.[1];
    const work =
      request.headers.authorization !== `Bearer ${token}`
        ? refuse(request, response, 401)
        : found === undefined
          ? refuse(request, response, 404)
          : request.method === 'GET'
            ? get(found, response, { store, scratch })
            : request.method === 'PUT'
              ? put(found, { request, response }, { store, scratch })
              : refuse(request, response, 405);
    work.catch(() => {
      if (!response.headersSent) response.writeHead(request.method === 'GET' ? 404 : 200);
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    environment: {
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: token,
    },
    scratch,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

interface Places {
  readonly store: Store;
  readonly scratch: string;
}

async function refuse(request: IncomingMessage, response: ServerResponse, status: number): Promise<void> {
  request.resume();
  response.writeHead(status).end();
}

/** Content from the store is hashed again. */
async function get(name: string, response: ServerResponse, { store, scratch }: Places): Promise<void> {
  const file = (await store.find(keyOf(name)))?.files[0];
  if (file === undefined) return void response.writeHead(404).end();
  const path = await newFile(scratch);
  if (!(await store.take(file, path))) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.size });
  await pipeline(createReadStream(path), response);
  await rm(path, { force: true });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Existing content is kept. A later upload is the same, or something else is wrong. */
async function put(name: string, { request, response }: Exchange, { store, scratch }: Places): Promise<void> {
  if ((await store.find(keyOf(name))) !== undefined) return refuse(request, response, 409);
  const path = await newFile(scratch);
  const digest = createHash('sha256');
  request.on('data', (data: Buffer) => digest.update(data));
  await pipeline(request, createWriteStream(path));
  await store.add({ key: keyOf(name), parts: { kind: 'Nx artefact', name } }, [
    { name: 'artefact', path, digest: digest.digest('hex') },
  ]);
  response.writeHead(200).end();
}

/** Somebody may have removed the directory meanwhile. */
async function newFile(scratch: string): Promise<string> {
  const path = join(scratch, randomUUID());
  makeDirectories(dirname(path), 0o700);
  return path;
}

const keyOf = (name: string): string => hash('sha256', `nx ${name}`);
