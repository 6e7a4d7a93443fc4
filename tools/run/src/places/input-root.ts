import { hash } from 'node:crypto';
import { dirname } from 'node:path/posix';
import type { RemoteAction, RemoteInput } from '@slipway/adapters';
import {
  type Call,
  type Cluster,
  type Place,
  type Places,
  type ReadFiles,
  WORKER_BASE,
  WORKER_MODULES,
  pathAt,
} from '@slipway/model';

/** Exit codes of the script, not of the program. */
export const OTHER_GO = 97;

/**
 * The worker's script. Only the worker knows the directory of its inputs, so the script sets the variables that contain
 * paths. It also checks that the worker's Go is the one in the keys. It is POSIX and never evaluates words of a call.
 */
const SCRIPT = `base=$PWD
sha256sum -c toolchain.sha256 >/dev/null 2>&1 || { echo "this worker has another Go, or no sha256sum" >&2; exit ${OTHER_GO}; }
cd "$base/$1" || exit ${OTHER_GO}
shift
while [ "$1" != -- ]; do export "\${1%%=*}=$base/\${1#*=}"; shift; done
shift
exec "$@"
`;

/** The path below WORKER_BASE in the input root. */
const DIRECTORY = WORKER_BASE.slice(1);
const isBelow = (text: string): boolean => text.startsWith(`${WORKER_BASE}/`);
/** Searches the whole text, but matches only the beginning of a path: not `~/.cache/slipway/go`. */
const namesPlace = (text: string): boolean =>
  text.split(/[\s=:,;'"]/).some((part) => part.includes('/') && isBelow(part.slice(part.indexOf('/'))));
const relative = (path: string): string => path.slice(WORKER_BASE.length + 1);

export interface Rooted {
  readonly call: Call;
  readonly read: ReadFiles;
  /** Relative to the root here, or absolute. */
  readonly outputs: readonly string[];
  readonly acceptCached: boolean;
}

/** A call with all its inputs as an action, or a text with the reason why that is impossible. */
export function remoteAction({ call, read, outputs, acceptCached }: Rooted, places: Places): RemoteAction | string {
  const place = places.remote!;
  const cluster = place.cluster!;
  if (read.problem !== undefined) return read.problem;
  const files = new Map<string, RemoteInput>();
  for (const { path, digest, size } of read.files) {
    const there = placeOn(path, read.moduleCache, { places, place });
    if (!isBelow(there)) return `it reads ${path}, which is outside of the tree`;
    files.set(there.slice(1), { digest, size, executable: false, from: path });
  }
  const sums = Buffer.from(toolchainSums(read, cluster));
  files.set(`${DIRECTORY}/toolchain.sha256`, {
    digest: hash('sha256', sums),
    size: sums.length,
    executable: false,
    from: sums,
  });
  const directories = read.directories.map((path) => placeOn(path, read.moduleCache, { places, place }).slice(1));
  const cwd = `${call.cwd}/`;
  const env = Object.entries(call.env);
  const placed = env.filter(([, value]) => isBelow(value)).map(([name, value]) => `${name}=${relative(value)}`);
  const others = env.filter(([, value]) => !isBelow(value));
  const strange = others.find(([, value]) => namesPlace(value));
  if (strange !== undefined) return `${strange[0]} has a path of the tree in the middle`;
  const up = '../'.repeat(relative(call.cwd).split('/').length);
  const argv = call.argv.map((word) => (isBelow(word) ? `${up}${relative(word)}` : word));
  if (argv.some(namesPlace)) return 'a flag has a path of the tree in the middle';
  return {
    files,
    links: new Map(),
    directories: [
      ...new Set([...directories, ...['tmp', 'home'].map((name) => `${DIRECTORY}/${name}`), cwd.slice(1, -1)]),
    ],
    workingDirectory: DIRECTORY,
    arguments: ['/bin/sh', '-c', SCRIPT, 'slipway', relative(call.cwd), ...placed, '--', ...argv],
    environment: Object.fromEntries(others),
    outputPaths: outputs.map((output) => relative(pathAt(output, places, place))),
    platform: cluster.properties,
    salt: '',
    timeoutSeconds: TIMEOUT,
    acceptCached,
  };
}

/** Seconds for one call of Go. The largest takes minutes on a slow worker. */
const TIMEOUT = 3600;

interface At {
  readonly places: Places;
  readonly place: Place;
}

const placeOn = (path: string, moduleCache: string | undefined, { places, place }: At): string =>
  moduleCache !== undefined && path.startsWith(`${moduleCache}/`)
    ? `${WORKER_MODULES}${path.slice(moduleCache.length)}`
    : pathAt(path, places, place);

/** In the format of sha256sum. The check that the worker's Go is this one is an input of the action. */
function toolchainSums({ toolchain }: ReadFiles, { go }: Cluster): string {
  const goroot = dirname(dirname(go));
  return toolchain
    .map(({ name, digest }) => `${digest}  ${goroot}/${name}\n`)
    .sort()
    .join('');
}
