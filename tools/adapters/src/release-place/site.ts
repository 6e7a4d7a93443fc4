import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FailureError, limits } from '@slipway/model';
import { type Answer, type Request, fetchInTime, reasonOf } from '../network/fetch-in-time.ts';
import { trustTheMachine } from '../network/trust-the-machine.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import { siteOf } from '../registry/log-in.ts';
import type { OpenRelease, PlacedRelease } from './port.ts';

/** A file in the release API of GitHub and Gitea. Gitea returns neither address nor digest. */
interface Asset {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly state?: string;
  readonly url?: string;
  readonly digest?: string | null;
  readonly browser_download_url?: string;
}

interface Release {
  readonly id: number;
  readonly tag_name: string;
  readonly draft: boolean;
  readonly upload_url: string;
  readonly assets: readonly Asset[];
}

export interface Site {
  /** The API of a repository: `https://api.github.com/repos/OWNER/NAME`, `https://HOST/api/v1/repos/OWNER/NAME`. */
  readonly address: URL;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
}

/** Releases of a repository on a site with GitHub's release API. They are drafts until all files are uploaded. */
export function releasesOnSite(site: Site): OpenRelease {
  trustTheMachine();
  const client = new Client(site);
  return async (tag) => {
    const release = (await client.find(tag)) ?? (await client.create(tag));
    return placedRelease(client, release);
  };
}

function placedRelease(client: Client, release: Release): PlacedRelease {
  const assets = new Map(release.assets.map((asset) => [asset.name, asset]));
  const own = `/releases/${release.id}`;
  return {
    isPublished: !release.draft,
    // A broken upload leaves a name without content.
    files: release.assets.filter(({ state = 'uploaded' }) => state === 'uploaded'),
    async digestOf(name) {
      const { digest, browser_download_url: address } = assets.get(name)!;
      if (digest?.startsWith('sha256:') === true) return digest.slice('sha256:'.length);
      return address === undefined ? undefined : client.digestAt(address);
    },
    async put(name, path) {
      const before = assets.get(name);
      if (before !== undefined) await client.ask('DELETE', before.url ?? `${own}/assets/${before.id}`, {}, [204, 404]);
      const to = new URL(release.upload_url.replace(/\{.*\}$/, ''));
      to.searchParams.set('name', name);
      await client.ask('POST', to.href, { body: await readFile(path), type: 'application/octet-stream' }, [201]);
    },
    async publish() {
      await client.ask('PATCH', own, { body: json({ draft: false }) }, [200]);
    },
  };
}

const json = (value: object): Uint8Array => Buffer.from(JSON.stringify(value));
const PAGE = 50;

class Client {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Drafts appear only in the list. */
  async find(tag: string): Promise<Release | undefined> {
    for (let page = 1; ; page++) {
      const list = await this.#read<Release[]>(
        'GET',
        `/releases?per_page=${PAGE}&limit=${PAGE}&page=${page}`,
        {},
        [200],
      );
      const found = list.find(({ tag_name: name }) => name === tag);
      if (found !== undefined || list.length === 0) return found;
    }
  }

  create(tag: string): Promise<Release> {
    return this.#read('POST', '/releases', { body: json({ tag_name: tag, name: tag, draft: true }) }, [201]);
  }

  async digestAt(address: string): Promise<string | undefined> {
    const { response, pieces } = await this.ask('GET', address, {}, [200, 401, 403, 404]);
    if (response.status !== 200) return undefined;
    const hash = createHash('sha256');
    for await (const piece of pieces(limits.set.bytes)) hash.update(piece);
    return hash.digest('hex');
  }

  async #read<T>(method: string, path: string, what: Sent, good: readonly number[]): Promise<T> {
    const { bytes } = await this.ask(method, path, what, good);
    return JSON.parse((await bytes(limits.statement.bytes)).toString()) as T;
  }

  /** Requests a path of the repository, or an address that the site returned. */
  async ask(
    method: string,
    path: string,
    { body, type = 'application/json' }: Sent,
    good: readonly number[],
  ): Promise<Answer> {
    const { address, token, signal } = this.#site;
    const url = path.startsWith('/') ? new URL(`${address.href.replace(/\/$/, '')}${path}`) : new URL(path);
    // The token is only for the site and is never sent to an address from an answer.
    if (siteOf(url) !== siteOf(address) || url.protocol !== address.protocol)
      throw this.#refused(`it names ${url.origin}, which is another site`);
    const headers = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { authorization: `token ${token}` }),
    };
    const request: Request = { method, headers, signal, ...(body === undefined ? {} : { body }) };
    let answer: Answer;
    try {
      answer = await fetchInTime(url, request);
    } catch (error) {
      throwIfInterrupted(signal);
      throw this.#refused(reasonOf(error));
    }
    const { status } = answer.response;
    if (good.includes(status)) return answer;
    if (status === 401 || status === 403)
      throw this.#refused(
        `${method} ${url.pathname}: ${status}`,
        'SLIPWAY_RELEASE_TOKEN=TOKEN: one that may write releases',
      );
    throw this.#refused(`${method} ${url.pathname}: ${status} ${(await answer.beginning()).slice(0, 200)}`);
  }

  #refused(fact: string, hint?: string): FailureError {
    const place = this.#site.address.href;
    return new FailureError({ code: 'NOT_PUBLISHED', place, fact, ...(hint === undefined ? {} : { hint }) });
  }
}

interface Sent {
  readonly body?: Uint8Array;
  readonly type?: string;
}
