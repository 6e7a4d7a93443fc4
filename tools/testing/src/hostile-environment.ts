import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fc } from './properties.ts';
import type { Repo } from './repo-rig.ts';

/** Kinds of a thing where another is expected. `foreign`: a directory of another user that nobody else may enter. */
const states = [
  'absent',
  'file',
  'empty file',
  'directory',
  'dangling',
  'loop',
  'pipe',
  'unreadable',
  'foreign',
] as const;
type State = (typeof states)[number];

/** Places of the tree, and of the user beside it. */
const places = [
  ...['_output', '_output/local', '_output/local/bin', '_output/bin', '_output/.gitignore', '_output/local/.lock'],
  ...[
    'go.mod',
    'cmd',
    'cmd/a/a.go',
    '.git',
    '.git/HEAD',
    '.git/index',
    'slipway.config.ts',
    'staging',
    'hack/lib/golang.sh',
  ],
  ...[
    'go.work',
    'vendor',
    '.go-version',
    '../home',
    '../home/.cache',
    '../home/.cache/slipway',
    '../home/.config/go/env',
  ],
];

const variables = [
  ...['HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'OUT_DIR', 'GOCACHE', 'GOMODCACHE', 'GOPATH', 'GOTMPDIR'],
  ...[
    'GOROOT',
    'GOWORK',
    'GOENV',
    'PATH',
    'KUBE_GIT_VERSION_FILE',
    'KUBE_JUNIT_REPORT_DIR',
    'GIT_DIR',
    'SSL_CERT_FILE',
  ],
];

/** Where a variable leads; what begins with `../` is made in that state. */
const leads = [
  '',
  '/nonexistent/x',
  '/proc/x',
  '/proc/self/fd',
  '/dev/null',
  '/dev/full',
  'relative',
  `/${'l'.repeat(300)}`,
];

const calls = [
  ...[
    ['all'],
    ['-n', 'all'],
    ['a'],
    ['clean'],
    ['all', 'clean'],
    ['-B', 'a'],
    ['version'],
    ['doctor'],
    ['help'],
    ['help', 'all'],
  ],
  ...[
    ['query', '//...'],
    ['cache'],
    ['init'],
    ['test'],
    ['-n', 'test'],
    ['vet'],
    ['affected', '--base', 'HEAD'],
    ['why', 'a', 'fmt'],
  ],
  ...[
    ['graph', 'check'],
    ['verify'],
    ['trust'],
    ['a', '--profile', 'release'],
    ['all', '--report'],
    ['completion', 'line', 'slipway all WHAT='],
    ['-n', 'release', '--without-docker'],
  ],
] as const;

export interface HostileCase {
  readonly call: readonly string[];
  /** Relative to the tree. */
  readonly spoiled: readonly { readonly place: string; readonly state: State }[];
  readonly variables: readonly { readonly name: string; readonly value: string | State }[];
  readonly asNobody: boolean;
  /** It was built before. */
  readonly isBuilt: boolean;
  readonly signal: { readonly name: 'SIGINT' | 'SIGTERM'; readonly after: number } | undefined;
}

const pick = <T>(...list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);

export const hostileCases: fc.Arbitrary<HostileCase> = fc.record({
  call: pick<readonly string[]>(...calls),
  spoiled: fc.array(fc.record({ place: pick(...places), state: pick(...states) }), { maxLength: 2 }),
  variables: fc.array(fc.record({ name: pick(...variables), value: pick<string>(...leads, ...states) }), {
    maxLength: 2,
  }),
  asNobody: fc.boolean(),
  isBuilt: fc.boolean(),
  signal: fc.option(fc.record({ name: pick('SIGINT', 'SIGTERM'), after: fc.integer({ min: 20, max: 800 }) }), {
    nil: undefined,
    freq: 3,
  }),
});

/** Lays out the case, and returns its variables. The owner of the tree stays. */
export function spoil(tree: Repo, { spoiled, variables: set }: HostileCase): Record<string, string> {
  const given = set.map(({ name, value }) => {
    if (!(states as readonly string[]).includes(value)) return [name, value] as const;
    const place = `../places/${name}`;
    put(tree.path(place), value as State);
    return [name, tree.path(place)] as const;
  });
  for (const { place, state } of spoiled) put(tree.path(place), state);
  return Object.fromEntries(given);
}

function put(path: string, state: State): void {
  try {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(dirname(path), { recursive: true });
  } catch {
    return; // What was spoiled before is in the way.
  }
  if (state === 'absent') return;
  if (state === 'file') writeFileSync(path, 'something else\n');
  if (state === 'empty file') writeFileSync(path, '');
  if (state === 'directory') mkdirSync(path);
  if (state === 'dangling') symlinkSync('/nonexistent/target', path);
  if (state === 'loop') symlinkSync(path, path);
  // Git waits for whoever writes into its own.
  if (state === 'pipe') execFileSync(path.includes('/.git/') ? 'touch' : 'mkfifo', [path]);
  if (state === 'unreadable' || state === 'foreign') mkdirSync(path, { mode: state === 'foreign' ? 0o700 : 0 });
}

/** After the tree was given to somebody: what is not theirs after all. */
export function takeForeign(tree: Repo, { spoiled }: HostileCase): void {
  if (process.getuid?.() !== 0) return;
  for (const { place, state } of spoiled)
    if (state === 'foreign' && existsSync(tree.path(place)) && lstatSync(tree.path(place)).isDirectory())
      execFileSync('chown', ['1:1', tree.path(place)]);
}
