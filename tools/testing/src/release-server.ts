import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface StoredAsset {
  readonly id: number;
  readonly name: string;
  readonly bytes: Buffer;
  /** GitHub keeps the name of an upload that broke off. */
  readonly state: 'uploaded' | 'starter';
}

interface StoredRelease {
  readonly id: number;
  readonly tag: string;
  draft: boolean;
  readonly assets: StoredAsset[];
}

export interface ReleaseServer extends AsyncDisposable {
  /** Of the API of one repository. */
  readonly url: string;
  readonly releases: readonly StoredRelease[];
  /** Uploads that ended, of all time. */
  uploads(): readonly string[];
  /** Calls `act` when so many more requests have come, before the last of them is answered. */
  afterRequests(count: number, act: () => void): void;
}

/**
 * No real site: a server of tests that speaks what GitHub and Gitea document of their release API, with the differences between them:
 * GitHub tells digests and addresses of assets, and keeps the name of a broken upload; Gitea does none of it. Both refuse a second
 * asset of one name, and a draft is in the list alone.
 */
export async function startReleaseServer(dialect: 'GitHub' | 'Gitea', token: string): Promise<ReleaseServer> {
  const site = new ReleaseSite(dialect, token);
  const server = createServer(
    (request, response) => void site.answer(request, response).catch(() => response.destroy()),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  site.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${site.origin}/repos/team/mono`,
    releases: site.releases,
    uploads: () => site.uploads,
    afterRequests: (count, act) => void (site.waiting = { count, act }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

class ReleaseSite {
  readonly releases: StoredRelease[] = [];
  readonly uploads: string[] = [];
  origin = '';
  waiting: { count: number; act: () => void } | undefined;
  #next = 1;
  readonly #dialect: 'GitHub' | 'Gitea';
  readonly #token: string;

  constructor(dialect: 'GitHub' | 'Gitea', token: string) {
    this.#dialect = dialect;
    this.#token = token;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.waiting !== undefined && --this.waiting.count === 0) this.waiting.act();
    const url = new URL(request.url!, this.origin);
    const path = url.pathname.replace('/repos/team/mono', '');
    const say = (status: number, value?: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(value === undefined ? undefined : JSON.stringify(value));
    };
    const [, download] = /^\/download\/(\d+)$/.exec(path) ?? [];
    if (download !== undefined) return void response.end(this.#asset(Number(download))?.asset.bytes);
    if (request.headers.authorization !== `token ${this.#token}`) return say(401, { message: 'Bad credentials' });
    const [, id, rest = ''] = /^\/releases\/(\d+)(.*)$/.exec(path) ?? [];
    const release = this.releases.find((each) => String(each.id) === id);
    if (path === '/releases' && request.method === 'GET')
      return say(200, url.searchParams.get('page') === '1' ? this.releases.map((each) => this.#shown(each)) : []);
    if (path === '/releases' && request.method === 'POST') {
      const { tag_name: tag, draft } = JSON.parse((await bodyOf(request)).toString()) as {
        tag_name: string;
        draft: boolean;
      };
      this.releases.push({ id: this.#next++, tag, draft, assets: [] });
      return say(201, this.#shown(this.releases.at(-1)!));
    }
    if (release !== undefined && rest === '' && request.method === 'PATCH') {
      release.draft = (JSON.parse((await bodyOf(request)).toString()) as { draft: boolean }).draft;
      return say(200, this.#shown(release));
    }
    if (release !== undefined && rest === '/assets' && request.method === 'POST')
      return this.#upload(release, url.searchParams.get('name')!, request, say);
    const [, assetId] = /\/assets\/(\d+)$/.exec(path) ?? [];
    const found = assetId === undefined ? undefined : this.#asset(Number(assetId));
    if (found === undefined || request.method !== 'DELETE') return say(404, { message: 'Not Found' });
    found.release.assets.splice(found.release.assets.indexOf(found.asset), 1);
    return say(204);
  }

  async #upload(
    release: StoredRelease,
    name: string,
    request: IncomingMessage,
    say: (status: number, value?: unknown) => void,
  ): Promise<void> {
    if (release.assets.some((asset) => asset.name === name)) {
      request.resume();
      return say(422, { message: 'already_exists' });
    }
    const id = this.#next++;
    try {
      const bytes = await bodyOf(request);
      release.assets.push({ id, name, bytes, state: 'uploaded' });
      this.uploads.push(name);
    } catch (error) {
      if (this.#dialect === 'GitHub') release.assets.push({ id, name, bytes: Buffer.alloc(0), state: 'starter' });
      throw error;
    }
    say(201, { id, name });
  }

  #asset(id: number): { readonly release: StoredRelease; readonly asset: StoredAsset } | undefined {
    for (const release of this.releases)
      for (const asset of release.assets) if (asset.id === id) return { release, asset };
    return undefined;
  }

  #shown({ id, tag, draft, assets }: StoredRelease): object {
    const own = `${this.origin}/repos/team/mono`;
    const isGitHub = this.#dialect === 'GitHub';
    return {
      ...{ id, tag_name: tag, draft },
      upload_url: `${own}/releases/${id}/assets${isGitHub ? '{?name,label}' : ''}`,
      assets: assets.map(({ id: asset, name, bytes, state }) => ({
        ...{ id: asset, name, size: bytes.length, browser_download_url: `${own}/download/${asset}` },
        ...(isGitHub ? { state, url: `${own}/releases/assets/${asset}`, digest: digestOf(bytes) } : {}),
      })),
    };
  }
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
