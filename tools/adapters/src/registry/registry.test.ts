import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Meter, Platform } from '@slipway/model';
import { realOutputFiles } from '../files/real.ts';
import { readBase } from '../oci/base.ts';
import { blockCompressors } from '../tar/real.ts';
import { realImageWriter } from '../oci/real.ts';
import { parseReference } from './reference.ts';
import { realRegistry } from './real.ts';

const sha256 = (bytes: string | Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const platforms = ['linux/amd64', 'linux/arm64'] as Platform[];
const TOKEN = 'let-me-in';

/** A registry that requires a token, with one image for several platforms. */
class TestRegistry {
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, Buffer>();
  readonly asked: string[] = [];
  /** The status codes of the first answers, by kind of resource. */
  readonly failures = new Map<string, number[]>();
  /** Manifests arrive byte by byte and never end. */
  trickles = false;
  host = '';
  #server: Server | undefined;

  constructor() {
    const put = (to: Map<string, Buffer>, content: Buffer | object) => {
      const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
      to.set(sha256(bytes), bytes);
      return { mediaType: 'application/x', digest: sha256(bytes), size: bytes.length };
    };
    const manifests = ['amd64', 'arm64', 's390x'].map((architecture) => {
      const tar = Buffer.alloc(2048, architecture);
      const layer = put(this.blobs, tar);
      const config = put(this.blobs, { architecture, rootfs: { diff_ids: [sha256(tar)] } });
      return { ...put(this.manifests, { config, layers: [layer] }), platform: { os: 'linux', architecture } };
    });
    this.manifests.set('v1', Buffer.from(JSON.stringify({ manifests })));
  }

  async start(): Promise<this> {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://x');
      const [kind = '', version = ''] = url.pathname.split('/').slice(-2);
      this.asked.push(url.pathname);
      if (kind === 'token')
        return void response.end(JSON.stringify({ token: url.searchParams.get('scope') === 'pull' ? TOKEN : '' }));
      const failure = this.failures.get(kind)?.shift();
      if (failure !== undefined) return void response.writeHead(failure).end();
      if (request.headers.authorization !== `Bearer ${TOKEN}`)
        return void response
          .writeHead(401, { 'www-authenticate': `Bearer realm="http://${this.host}/token/x",service="s",scope="pull"` })
          .end();
      if (request.method !== 'GET') return void this.#take(request, response, url);
      if (kind === 'uploads' || this.uploads.has(version))
        return void response.writeHead(204, this.#session(version)).end();
      if (this.trickles && kind === 'manifests') {
        const timer = setInterval(() => response.write(' '), 20);
        return void response.on('close', () => clearInterval(timer));
      }
      const bytes = (kind === 'manifests' ? this.manifests : this.blobs).get(version);
      return void (bytes === undefined ? response.writeHead(404).end() : response.end(bytes));
    });
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve));
    this.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  readonly uploads = new Map<string, Buffer>();
  /** How many bytes of each piece arrive before the connection breaks. */
  readonly breaks: number[] = [];
  sent = 0;

  #session(id: string): Record<string, string> {
    return {
      location: `/v2/some/base/blobs/uploads/${id}`,
      range: `0-${Math.max(0, this.uploads.get(id)!.length - 1)}`,
    };
  }

  /** Accepts uploads as in the distribution specification: in pieces, each from the end of the last. */
  #take(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const [kind = '', version = ''] = url.pathname.split('/').slice(-2);
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces);
      if (request.method === 'HEAD') return void response.writeHead(404).end();
      if (request.method === 'POST') {
        const id = `session-${this.uploads.size}`;
        this.uploads.set(id, Buffer.alloc(0));
        return void response.writeHead(202, this.#session(id)).end();
      }
      if (kind === 'manifests') {
        this.manifests.set(version, body);
        return void response.writeHead(201).end();
      }
      const there = this.uploads.get(version)!;
      if (request.method === 'PUT') {
        this.blobs.set(url.searchParams.get('digest')!, there);
        return void response.writeHead(sha256(there) === url.searchParams.get('digest') ? 201 : 400).end();
      }
      if (Number(request.headers['content-range']!.split('-')[0]) !== there.length)
        return void response.writeHead(416).end();
      const arrived = body.subarray(0, this.breaks.shift() ?? Infinity);
      this.sent += arrived.length;
      this.uploads.set(version, Buffer.concat([there, arrived]));
      if (arrived.length < body.length) return void request.socket.destroy();
      return void response.writeHead(202, this.#session(version)).end();
    });
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

let dir: string;
let server: TestRegistry;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-registry-'));
  server = await new TestRegistry().start();
});
afterEach(() => {
  server.stop();
  rmSync(dir, { recursive: true });
});

const timeLimits = { answerSeconds: 5, graceSeconds: 0.5, bytesPerSecond: 1000 };
const pull = (more: { version?: string; platforms?: Platform[]; meter?: Meter } = {}) =>
  realRegistry(realOutputFiles(), { XDG_CACHE_HOME: join(dir, 'caches') }, timeLimits).pull({
    image: `${server.host}/some/base${more.version ?? ':v1'}`,
    platforms: more.platforms ?? platforms,
    meter: more.meter,
    to: join(dir, 'layout'),
    signal: new AbortController().signal,
  });

test('a pull makes a layout that others can use as a base, and a second pull sends no request', async () => {
  expect(await pull()).toBe('pulled');
  for (const platform of platforms) expect((await readBase(join(dir, 'layout'), platform)).layers).toHaveLength(1);
  expect(readdirSync(join(dir, 'layout/blobs/sha256'))).toHaveLength(7);
  server.stop();
  expect(await pull()).toBe('same');
});

test('a layout that says it was pulled, and that somebody else put there, is pulled again', async () => {
  await pull();
  const path = join(dir, 'layout/index.json');
  const right = readFileSync(path, 'utf8');
  const image = sha256('an image of another');
  const forged = { ...(JSON.parse(right) as object), manifests: [{ digest: image, size: 1 }] };
  writeFileSync(path, JSON.stringify(forged));
  expect(await pull()).toBe('pulled');
  expect(readFileSync(path, 'utf8')).toBe(right);
});

test('a pull for another platform fetches only what is missing', async () => {
  await pull({ platforms: platforms.slice(0, 1) });
  server.asked.length = 0;
  await pull();
  expect(server.asked.filter((path) => path.includes('/blobs/'))).toHaveLength(2);
});

test('a meter gets the number of bytes to come, and of those that came', async () => {
  const [here, there] = [counting(), counting()];
  await pull({ platforms: platforms.slice(0, 1), meter: here });
  expect(here.total).toBeGreaterThan(2048);
  expect(here.done).toBe(here.total);
  await pull({ meter: there });
  // Existing contents are not expected.
  expect(there.done).toBe(there.total);
  expect(there.total).toBe(here.total);
});

const counting = () => {
  const counted = { total: 0, done: 0 };
  return Object.assign(counted, {
    expect: (bytes: number) => void (counted.total += bytes),
    moved: (bytes: number) => void (counted.done += bytes),
  });
};

const plainly = { annotations: {}, others: [], set: '/nowhere', moveTags: false, signal: new AbortController().signal };

test('an upload that breaks off resumes where the registry says', async () => {
  writeFileSync(join(dir, 'program'), randomBytes(40 << 20));
  const archive = join(dir, 'image.tar');
  const platform = platforms[0]!;
  await using compressors = blockCompressors();
  await realImageWriter(realOutputFiles(), compressors).write(archive, {
    ...{ platform, names: ['x'], base: undefined, config: {}, root: dir, time: 1 },
    layers: [[{ path: 'program', file: 'program', mode: 0o755 }]],
  });
  // The config is the first piece.
  server.breaks.push(Infinity, 5_000_000, Infinity, 1);
  const name = `${server.host}/some/base:pushed`;
  const meter = counting();
  const pushing = { ...plainly, name, meter, images: [{ archive, name, platform }] };
  expect(await realRegistry(realOutputFiles(), {}).push(pushing)).toMatchObject({ is: 'pushed', documents: 0 });
  const layer = [...server.blobs.values()].find(({ length }) => length > 40 << 20)!;
  expect(meter.total).toBeGreaterThan(40 << 20);
  // Nothing was sent twice.
  expect(server.sent).toBeLessThan(layer.length + 10_000);
  expect(await pull({ version: ':pushed', platforms: [platform] })).toBe('pulled');
});

test('a file that is not an image of slipway is not pushed', async () => {
  writeFileSync(join(dir, 'x.tar'), 'x');
  const name = `${server.host}/x:v1`;
  const images = [{ archive: join(dir, 'x.tar'), name, platform: platforms[0]! }];
  const pushed = realRegistry(realOutputFiles(), {}).push({ ...plainly, name, images });
  await expect(pushed).rejects.toThrow('NOT_PUSHED: ');
});

test('a pull by digest retries what failed at first', async () => {
  const [digest = ''] = server.manifests.keys();
  server.failures.set('manifests', [503]).set('blobs', [500, 429]);
  expect(await pull({ version: `@${digest}`, platforms: platforms.slice(0, 1) })).toBe('pulled');
});

describe('a pull is refused, with the reason, when', () => {
  const blob = (): string => [...server.blobs.keys()][0]!;
  const cases: Readonly<Record<string, { readonly change: () => void; readonly says: string }>> = {
    'there is no such tag': { change: () => void server.manifests.delete('v1'), says: 'answers 404' },
    'it is for nobody': { change: () => void server.failures.set('manifests', [403]), says: 'answers 403' },
    'the registry is down': {
      change: () => void server.failures.set('manifests', [503, 503, 503, 503]),
      says: 'answers 503',
    },
    'nobody listens': { change: () => server.stop(), says: 'does not answer' },
    'a manifest is no JSON': {
      change: () => void server.manifests.set('v1', Buffer.from('<html>')),
      says: 'is not JSON',
    },
    'it has no layers': {
      change: () => void server.manifests.set('v1', Buffer.from('{}')),
      says: 'has no config or no layers',
    },
    'a platform is missing': {
      change: () => void server.manifests.set('v1', Buffer.from('{"manifests":[]}')),
      says: 'it is not there for linux/amd64',
    },
    'a blob has other bytes': {
      change: () => void server.blobs.set(blob(), Buffer.alloc(2048, 'x')),
      says: 'arrived with different bytes',
    },
    'a blob is longer': { change: () => void server.blobs.set(blob(), Buffer.alloc(4096)), says: 'is larger than its' },
    'a blob is shorter': {
      change: () => void server.blobs.set(blob(), Buffer.alloc(9)),
      says: 'arrived with different bytes',
    },
    'a digest leads elsewhere': {
      change() {
        const text = server.manifests
          .get('v1')!
          .toString()
          .replace(/sha256:[0-9a-f]+/, '../../x');
        server.manifests.set('v1', Buffer.from(text));
      },
      says: '"../../x" is not a sha256 digest',
    },
    'a size is none': {
      change() {
        const text = server.manifests
          .get('v1')!
          .toString()
          .replace(/"size":\d+/, '"size":1e300');
        server.manifests.set('v1', Buffer.from(text));
      },
      says: 'has no size',
    },
    'a manifest has no end': {
      change: () => void server.manifests.set('v1', Buffer.alloc(5 << 20, ' ')),
      says: 'it sends more than 4194304 bytes',
    },
    'its lists are none': {
      change: () => void server.manifests.set('v1', Buffer.from('{"manifests":{"length":1}}')),
      says: 'no list of at most',
    },
    'a body trickles for ever': {
      change: () => void (server.trickles = true),
      says: 'bytes a second',
    },
  };
  test.each(Object.entries(cases))('%s', async (_name, { change, says }) => {
    change();
    await expect(pull()).rejects.toThrow(says);
    // An address that leads elsewhere gets no request.
    expect(server.asked.filter((path) => !path.startsWith('/v2/some/base/') && !path.startsWith('/token/'))).toEqual(
      [],
    );
    expect(existsSync(join(dir, 'layout/index.json'))).toBe(false);
  });

  test('a manifest has another digest than the requested one', async () => {
    const [digest = ''] = server.manifests.keys();
    server.manifests.set(digest, Buffer.from('{}'));
    await expect(pull({ version: `@${digest}` })).rejects.toThrow('arrived with different bytes');
  });
});

test('an interrupted pull fails with INTERRUPTED', async () => {
  const controller = new AbortController();
  controller.abort('SIGINT');
  const pulling = { image: `${server.host}/x:v1`, platforms, to: join(dir, 'layout'), signal: controller.signal };
  await expect(realRegistry(realOutputFiles(), {}).pull(pulling)).rejects.toThrow('INTERRUPTED');
});

test('parseReference accepts references with a registry only', () => {
  expect(parseReference('registry.example/a/b:v1')).toEqual({
    host: 'registry.example',
    repository: 'a/b',
    version: 'v1',
  });
  expect(parseReference('localhost:5000/a')).toEqual({
    host: 'localhost:5000',
    repository: 'a',
    version: 'latest',
  });
  expect(parseReference(`registry.example/a:v1@sha256:${'0'.repeat(64)}`)?.version).toBe(`sha256:${'0'.repeat(64)}`);
  for (const text of [
    'a',
    'library/a:v1',
    'registry.example/',
    'registry.example/../x',
    'registry.example/a:',
    'registry.example/a b',
    'https://x.y/z',
  ])
    expect(parseReference(text), text).toBeUndefined();
});

test('an incomplete index is fetched again', async () => {
  await pull();
  const path = join(dir, 'layout/index.json');
  const whole = readFileSync(path, 'utf8');
  await realOutputFiles().writeFileWhole(path, whole.slice(0, 20));
  expect(await pull()).toBe('pulled');
  expect(readFileSync(path, 'utf8')).toBe(whole);
});
