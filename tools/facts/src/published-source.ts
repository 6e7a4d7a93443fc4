import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path/posix';
import { licenseOf } from '@slipway/adapters';

/**
 * A git URL for publication: without user, password and query. A local path is not published. `git@host:path` is ssh's
 * form.
 */
export function publicAddress(origin: string): string | undefined {
  const [, host, path] = /^(?:[\w.-]+@)?([\w.-]{2,}):(?!\/\/)\/?(\S+)$/.exec(origin) ?? [];
  const url = URL.parse(host === undefined ? origin : `ssh://${host}/${path}`);
  if (url === null || !/^(?:https?|ssh|git):$/.test(url.protocol) || url.hostname === '') return undefined;
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}

const NAMES = /^(?:licen[cs]e|copying)(?:\.(?:txt|md))?$/i;
/** More bytes than any license. */
const MOST = 1 << 20;

/** The license of a tree by the text at its root; undefined without one, with several, or in doubt. */
export function treeLicense(root: string): string | undefined {
  const files = readdirSync(root)
    .filter((name) => NAMES.test(name))
    .map((name) => join(root, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true && statSync(path).size <= MOST);
  const found = new Set(files.map((path) => licenseOf(readFileSync(path, 'utf8'))));
  return found.size === 1 ? [...found][0] : undefined;
}
