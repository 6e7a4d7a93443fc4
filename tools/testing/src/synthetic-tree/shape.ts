/** Where the code of a package lives: the main module, a staging module, or vendor/. */
export type Part = 'vendor' | 'staging' | 'main';
export const parts: readonly Part[] = ['vendor', 'staging', 'main'];

export type SetWord = 'server' | 'node' | 'client' | 'test' | 'test-server';

/** Programs that can be built, each with a counterpart in Kubernetes 1.28. */
export interface CommandRow {
  readonly name: string;
  /** From the root of the tree. */
  readonly target: string;
  readonly part: Part;
  readonly sets: readonly SetWord[];
  readonly cgo?: true;
  /** One package that imports nothing of the tree. */
  readonly bare?: true;
}

export const commandRows = [
  { name: 'apiserver', target: 'cmd/apiserver', part: 'main', sets: ['server'] },
  { name: 'controllers', target: 'cmd/controllers', part: 'main', sets: ['server'] },
  { name: 'scheduler', target: 'cmd/scheduler', part: 'main', sets: ['server'] },
  { name: 'netproxy', target: 'cmd/netproxy', part: 'main', sets: ['server', 'node'] },
  { name: 'nodelet', target: 'cmd/nodelet', part: 'main', sets: ['server', 'node'], cgo: true },
  { name: 'setup', target: 'cmd/setup', part: 'main', sets: ['server', 'node'] },
  {
    name: 'log-runner',
    target: 'vendor/staging.example/base/logs/log-runner',
    part: 'staging',
    sets: ['server', 'node'],
    bare: true,
  },
  { name: 'aggregator', target: 'vendor/staging.example/aggregator', part: 'staging', sets: ['server'] },
  { name: 'extensions-server', target: 'vendor/staging.example/extensions-server', part: 'staging', sets: ['server'] },
  { name: 'mounter', target: 'cluster/mounter', part: 'main', sets: ['server'], cgo: true, bare: true },
  { name: 'ctl', target: 'cmd/ctl', part: 'main', sets: ['client'] },
  { name: 'ctl-convert', target: 'cmd/ctl-convert', part: 'main', sets: ['client'] },
  { name: 'docgen', target: 'cmd/docgen', part: 'main', sets: ['test'] },
  { name: 'suite-runner', target: 'suite-runner', part: 'vendor', sets: ['test', 'test-server'], cgo: true },
  { name: 'image-runner', target: 'test/image/image-runner', part: 'main', sets: ['test'], cgo: true, bare: true },
  { name: 'hollow-node', target: 'cmd/hollow-node', part: 'main', sets: ['test-server'] },
  { name: 'e2e.test', target: 'test/e2e/e2e.test', part: 'main', sets: ['test'] },
] as const satisfies readonly CommandRow[];

export type CommandName = (typeof commandRows)[number]['name'];

/** Packages that the same commands need; a package may import those of its own area and of areas more commands need. */
export interface Area {
  /** Where its packages of the main module lie. */
  readonly dir: string;
  readonly users: readonly CommandName[];
  /** Packages at scale 1. */
  readonly vendor: number;
  readonly staging: number;
  readonly main: number;
}

const cluster: CommandName[] = ['apiserver', 'controllers', 'nodelet', 'hollow-node', 'e2e.test'];
const running: CommandName[] = [...cluster, 'scheduler', 'netproxy'];
const serving: CommandName[] = [...running, 'aggregator', 'extensions-server'];
const clients: CommandName[] = ['setup', 'ctl', 'ctl-convert', 'docgen'];

/** Counted by `go list -deps` in Kubernetes 1.28.7, groups of a few packages put with their neighbours. */
export const areas: readonly Area[] = [
  { dir: 'pkg/common', users: [...serving, ...clients], vendor: 147, staging: 262, main: 0 },
  { dir: 'pkg/serving', users: [...serving, 'setup'], vendor: 86, staging: 2, main: 0 },
  { dir: 'pkg/serving/base', users: serving, vendor: 125, staging: 274, main: 0 },
  { dir: 'pkg/features', users: running, vendor: 8, staging: 45, main: 30 },
  { dir: 'pkg/informing', users: [...cluster, 'scheduler', 'setup'], vendor: 0, staging: 56, main: 0 },
  { dir: 'pkg/volume', users: [...cluster, 'scheduler'], vendor: 4, staging: 5, main: 14 },
  { dir: 'pkg/scheduling', users: [...cluster.slice(1), 'scheduler'], vendor: 1, staging: 7, main: 41 },
  { dir: 'pkg/routing', users: [...cluster.slice(1), 'netproxy'], vendor: 25, staging: 1, main: 21 },
  { dir: 'pkg/auth', users: cluster, vendor: 107, staging: 43, main: 9 },
  { dir: 'pkg/cloud', users: cluster.slice(1), vendor: 86, staging: 10, main: 60 },
  { dir: 'pkg/node', users: ['nodelet', 'hollow-node', 'e2e.test'], vendor: 7, staging: 16, main: 76 },
  {
    dir: 'pkg/extending',
    users: ['apiserver', 'controllers', 'extensions-server', 'e2e.test'],
    vendor: 1,
    staging: 60,
    main: 0,
  },
  { dir: 'pkg/apis', users: ['apiserver', 'controllers', 'ctl-convert'], vendor: 0, staging: 0, main: 86 },
  { dir: 'pkg/registry', users: ['apiserver', 'controllers'], vendor: 5, staging: 23, main: 252 },
  { dir: 'pkg/aggregating', users: ['apiserver', 'aggregator'], vendor: 0, staging: 19, main: 0 },
  { dir: 'pkg/serving/api', users: ['apiserver'], vendor: 0, staging: 2, main: 6 },
  { dir: 'pkg/controlling', users: ['controllers'], vendor: 0, staging: 18, main: 118 },
  { dir: 'pkg/scheduling/own', users: ['scheduler'], vendor: 0, staging: 0, main: 6 },
  { dir: 'pkg/hollow', users: ['hollow-node', 'netproxy'], vendor: 0, staging: 0, main: 7 },
  { dir: 'pkg/hollow/own', users: ['hollow-node'], vendor: 1, staging: 2, main: 6 },
  { dir: 'pkg/setup', users: ['setup'], vendor: 4, staging: 1, main: 62 },
  { dir: 'pkg/cli', users: [...clients, 'e2e.test'], vendor: 94, staging: 7, main: 0 },
  { dir: 'pkg/cli/own', users: ['ctl', 'docgen'], vendor: 10, staging: 95, main: 1 },
  { dir: 'pkg/cli/convert', users: ['ctl', 'ctl-convert', 'docgen', 'e2e.test'], vendor: 9, staging: 7, main: 0 },
  { dir: 'pkg/docs', users: ['docgen'], vendor: 1, staging: 0, main: 3 },
  { dir: 'test/suite', users: ['suite-runner', 'e2e.test'], vendor: 6, staging: 0, main: 0 },
  { dir: 'test/suite/own', users: ['suite-runner'], vendor: 13, staging: 0, main: 0 },
  { dir: 'test/e2e', users: ['e2e.test'], vendor: 33, staging: 12, main: 140 },
];

/** Totals at scale 1, the packages no command needs included, as `kubernetes-contract.md` 0.3 counts them. */
export const totals = {
  packages: { vendor: 1016, staging: 1316, main: 1150 },
  /** Files that are not Go's. */
  otherFiles: { vendor: 1000, staging: 5700, main: 1950 },
  stagingModules: 30,
} as const;

/** Files and imports per package, as values at evenly spaced quantiles; measured in the same tree. */
export const distributions = {
  goFiles: { vendor: [1, 2, 3, 6, 17], staging: [1, 1, 2, 5, 10], main: [1, 1, 2, 3, 8] },
  testFiles: { vendor: [0, 0], staging: [1, 1, 1, 3, 7], main: [1, 1, 1, 2, 7] },
  tested: { vendor: 0, staging: 0.34, main: 0.6 },
  imports: { vendor: [0, 1, 2, 4, 14], staging: [1, 3, 6, 10, 30], main: [2, 5, 7, 12, 34] },
  functions: [0, 1, 2, 3, 5, 8, 14, 40],
} as const;
