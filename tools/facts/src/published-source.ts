import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path/posix';
import { licenseOf } from '@slipway/adapters';

/**
 * An address of git as others may read it: without user, password or what follows a `?`. A place on a disk is nobody's business.
 * `git@host:path` is how ssh is written.
 */
export function publicAddress(origin: string): string | undefined {
  const [, host, path] = /^(?:[\w.-]+@)?([\w.-]{2,}):(?!\/\/)\/?(\S+)$/.exec(origin) ?? [];
  const url = URL.parse(host === undefined ? origin : `ssh://${host}/${path}`);
  if (url === null || !/^(?:https?|ssh|git):$/.test(url.protocol) || url.hostname === '') return undefined;
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}

const NAMES = /^(?:licen[cs]e|copying)(?:\.(?:txt|md))?$/i;
/** No licence has more bytes. */
const MOST = 1 << 20;

/** Of the tree, by the text at its root; undefined where there is none, several, or one that is in doubt. */
export function treeLicense(root: string): string | undefined {
  const files = readdirSync(root)
    .filter((name) => NAMES.test(name))
    .map((name) => join(root, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true && statSync(path).size <= MOST);
  const found = new Set(files.map((path) => licenseOf(readFileSync(path, 'utf8'))));
  return found.size === 1 ? [...found][0] : undefined;
}
