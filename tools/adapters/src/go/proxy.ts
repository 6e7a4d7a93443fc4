import { createReadStream, createWriteStream } from 'node:fs';
import * as http from 'node:http';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type Environment, type Moved, limits, masked, metered, meterOf } from '@slipway/model';
import { fetchInTime, reasonOf } from '../network/fetch-in-time.ts';
import { trustTheMachine } from '../network/trust-the-machine.ts';
import { interruptedBy } from '../process/interrupted.ts';

export interface ProxyFile {
  /** GOPROXY: URLs with `,` or `|` between them, `direct`, `off`. */
  readonly proxies: string;
  /** Below the proxy's URL: `golang.org/toolchain/@v/….zip`. */
  readonly path: string;
  /** Where it is written. */
  readonly to: string;
  /** The environment with HTTPS_PROXY and similar variables. */
  readonly env: Environment;
  progress(message: string, moved?: Moved): void;
  readonly signal: AbortSignal | undefined;
}

/** Fetches a file by Go's rules; undefined on success, else why no proxy has it. */
export async function fetchThroughProxies(file: ProxyFile): Promise<string | undefined> {
  using _proxied = behindHttpProxy(file.env);
  const facts: string[] = [];
  for (const { proxy, onAnyError } of splitProxies(file.proxies)) {
    if (proxy === 'off') return [...facts, 'GOPROXY=off forbids downloads'].join('; ');
    if (proxy === 'direct' || proxy === 'noproxy') {
      facts.push(`GOPROXY=${proxy} has no toolchains`);
      continue;
    }
    const problem = await fetchFrom(proxy, file);
    if (problem === undefined) return undefined;
    facts.push(problem.fact);
    if (!problem.isMissing && !onAnyError) break;
  }
  return facts.join('; ') || 'GOPROXY names no proxy';
}

/** After a comma the next proxy is used if a file is missing, after a bar after any error. */
export function splitProxies(proxies: string): { proxy: string; onAnyError: boolean }[] {
  return [...proxies.matchAll(/([^,|]+)([,|]?)/g)]
    .map(([, proxy, separator]) => ({ proxy: proxy!.trim(), onAnyError: separator === '|' }))
    .filter(({ proxy }) => proxy !== '');
}

interface Problem {
  readonly fact: string;
  readonly isMissing: boolean;
}

async function fetchFrom(proxy: string, file: ProxyFile): Promise<Problem | undefined> {
  const shown = masked(proxy);
  try {
    const url = new URL(`${proxy.replace(/\/$/, '')}/${file.path}`);
    const doing = `downloading ${shown.replace(/\/$/, '')}/${file.path}`;
    file.progress(doing);
    if (url.protocol === 'file:') {
      await pipeline(createReadStream(fileURLToPath(url)), createWriteStream(file.to));
      return undefined;
    }
    if (url.protocol === 'https:') trustTheMachine();
    const answer = await fetchInTime(url, { signal: file.signal });
    const { ok, status, statusText } = answer.response;
    if (!ok) {
      const text = (await answer.beginning()).trim().split('\n')[0]?.slice(0, 200) ?? '';
      return { fact: `${shown} answers ${status} ${text || statusText}`, isMissing: status === 404 || status === 410 };
    }
    const meter = meterOf((moved) => file.progress(doing, moved));
    meter.expect(Number(answer.response.headers.get('content-length') ?? 0));
    await pipeline(metered(answer.pieces(limits.toolchain.zip), meter), createWriteStream(file.to));
    return undefined;
  } catch (error) {
    if (file.signal?.aborted) throw interruptedBy(file.signal);
    if (isDiskError(error)) throw error;
    return { fact: `${shown}: ${reasonOf(error)}`, isMissing: (error as NodeJS.ErrnoException).code === 'ENOENT' };
  }
}

const isDiskError = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Makes fetch use the environment's HTTP proxy until disposed. A Node without this function connects directly. */
function behindHttpProxy(env: Environment): Disposable {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const set = names.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  const restore = set.length === 0 ? undefined : http.setGlobalProxyFromEnv?.(Object.fromEntries(set));
  return { [Symbol.dispose]: () => restore?.() };
}
