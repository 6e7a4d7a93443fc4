import { DEFAULT_OUT_DIR } from '@slipway/catalog';
import { join } from 'node:path/posix';
import type {
  BaseImageStep,
  ContainerStep,
  CopyOutStep,
  DataContainerStep,
  Environment,
  EngineStep,
  ListStep,
  BuildImageStep,
  StepId,
  SweepStep,
  SyncStep,
  WriteStep,
} from '@slipway/model';
import { labels, pathAt } from '@slipway/model';
import { VOLUME, insideRoot } from '../container-names.ts';
import type { Containing } from '../containing.ts';
import { hostPlace, insideDirectories } from '../places.ts';
import { publishedDir } from '../names.ts';

const base = { after: [], outputs: [], pool: 'io' } as const;
const id = (text: string): StepId => text as StepId;

export const ENGINE = id('engine');
export const BASE_IMAGE = id('base-image');
const DOCKERFILE = id('dockerfile');
export const IMAGE = id('image');
export const DATA_CONTAINER = id('data-container');
export const BUILD_CONTAINER = id('build-container');
const LIST_TREE = id('list-tree');
export const SYNC_IN = id('sync-in');
export const COPY_OUT = id('copy-out');

/** Bytes. The largest link of Kubernetes takes 2 GB. A smaller tree needs less, so slipway refuses only much less. */
const ENGINE_MEMORY = 2 ** 30;

/** Checks that an engine exists and meets the requirements. */
export const engineStep = ({ inside, bound, instead }: Containing): EngineStep => ({
  ...base,
  kind: 'engine',
  id: ENGINE,
  title: 'verify that a container engine answers',
  needs: [],
  platform: inside.facts.machine.platform,
  memory: ENGINE_MEMORY,
  bound,
  instead,
});

/** The base image, and the build image on top of it. */
export function imageSteps(containing: Containing): [BaseImageStep, WriteStep, BuildImageStep] {
  const { facts, containers, names, output, pull, always } = containing;
  const context = contextOf(output, names);
  const { certificates } = containers;
  // The image trusts the certificates that this machine trusts, because a proxy may have its own.
  const files = certificates === undefined ? [] : [{ from: certificates, to: join(context, CERTIFICATES) }];
  const text = dockerfile(containing);
  return [
    {
      ...base,
      kind: 'base-image',
      id: BASE_IMAGE,
      title: `${pull === undefined ? 'make' : 'pull'} the base image ${names.baseImage}`,
      needs: [ENGINE],
      reference: names.baseImage,
      pull,
      packages: containers.packages,
      goroot: facts.toolchain.goroot,
      goVersion: facts.toolchain.version,
      always,
    },
    {
      ...base,
      kind: 'write',
      id: DOCKERFILE,
      title: `write ${join(context, 'Dockerfile')}`,
      needs: [],
      outputs: [join(context, 'Dockerfile')],
      path: join(context, 'Dockerfile'),
      text,
    },
    {
      ...base,
      kind: 'build-image',
      id: IMAGE,
      title: `build image ${names.image}`,
      needs: [BASE_IMAGE, DOCKERFILE],
      reference: names.image,
      base: names.baseImage,
      context,
      files,
      arguments: proxies(facts.environment),
      labels: { ...names.tree, [labels.key]: text },
    },
  ];
}

const CERTIFICATES = 'ca-certificates.crt';

/** The name contains host, path and branch. */
const contextOf = (output: Containing['output'], { image }: Containing['names']): string =>
  join(output.root, 'images', image);

const proxies = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => /_proxy$/i.test(name)));

/** The build image: its base, a working directory, and for a pulled base a check that its Go is the tree's version. */
function dockerfile({ facts, names, pull, containers: { certificates } }: Containing): string {
  const check = `RUN test "$(go env GOVERSION)" = go${facts.toolchain.version}`;
  return [
    `FROM ${names.baseImage}`,
    ...(pull === undefined ? [] : [check]),
    // The place where Debian's programs and Go look for certificates.
    ...(certificates === undefined ? [] : [`COPY ${CERTIFICATES} /etc/ssl/certs/${CERTIFICATES}`]),
    `WORKDIR ${insideRoot(facts.tree.goPackage)}`,
    '',
  ].join('\n');
}

/** Keeps sources, Go's caches and results between runs. */
export const dataContainerStep = ({ facts, containers, names }: Containing): DataContainerStep => ({
  ...base,
  kind: 'data-container',
  id: DATA_CONTAINER,
  title: `data container ${names.data}`,
  needs: [IMAGE],
  name: names.data,
  volume: names.volume,
  image: names.image,
  user: containers.user,
  path: VOLUME,
  directories: insideDirectories(facts.tree.goPackage),
  labels: { ...names.tree, [labels.root]: facts.tree.root },
});

/** Idles during this run. All commands are executed in it. */
export const buildContainerStep = ({
  facts,
  containers,
  names,
  output,
  bound,
  cgroupParent,
}: Containing): ContainerStep => ({
  ...base,
  kind: 'container',
  id: BUILD_CONTAINER,
  title: `start container ${names.build}`,
  needs: [DATA_CONTAINER],
  name: names.build,
  image: names.image,
  hostname: containers.hostname,
  user: containers.user,
  mounts: [
    { kind: 'volume', from: names.volume, to: VOLUME },
    ...(bound
      ? [
          {
            kind: 'bind',
            from: facts.tree.root,
            to: insideRoot(facts.tree.goPackage),
            ...(output.root.startsWith('/') ? {} : { witness: join(contextOf(output, names), 'Dockerfile') }),
          } as const,
        ]
      : []),
  ],
  labels: names.run,
  cgroupParent,
});

/**
 * The tree without outputs and without files that no build reads. The list is made while the engine prepares the
 * container.
 */
export function syncInSteps(containing: Containing): [ListStep, SyncStep] {
  const { facts, names, output } = containing;
  const tree = {
    from: '',
    exclude: [
      '/.git',
      `/${DEFAULT_OUT_DIR}`,
      ...(output.root.startsWith('/') ? [] : [`/${output.root}`]),
      ...facts.tree.cleanPaths.map((path) => `/${path}`),
      'node_modules',
    ],
    manifest: join(output.memory, `synced-${names.volume}`),
  };
  const to = insideRoot(facts.tree.goPackage);
  const list: ListStep = {
    ...base,
    ...tree,
    kind: 'list',
    id: LIST_TREE,
    title: 'list the tree',
    needs: [],
  };
  return [
    list,
    { ...syncStep(containing), ...tree, id: SYNC_IN, title: 'sync in', needs: [BUILD_CONTAINER, LIST_TREE], to },
  ];
}

/** Binaries for this machine's platform as published here, because some may never have been built in this volume. */
export function syncBinariesStep(containing: Containing, needs: readonly StepId[]): SyncStep {
  const { facts, names, output, inside, place } = containing;
  const { platform } = inside.facts.machine;
  const published = publishedDir(output, platform);
  return {
    ...syncStep(containing),
    id: id('sync-binaries'),
    title: 'sync binaries in',
    needs,
    from: published,
    to: pathAt(published, { host: hostPlace(facts, output) }, place),
    exclude: [],
    manifest: join(output.memory, `synced-binaries-${names.volume}`),
  };
}

const syncStep = ({ containers, names, inside, senders, cgroupParent }: Containing) => ({
  ...base,
  kind: 'sync' as const,
  container: names.build,
  user: containers.user,
  senders,
  rsync: {
    container: {
      name: names.rsync,
      image: names.image,
      hostname: containers.hostname,
      mounts: [{ kind: 'volume' as const, from: names.volume, to: VOLUME }],
      labels: names.run,
      cgroupParent,
    },
    port: Number(inside.variables['KUBE_RSYNC_PORT']) || undefined,
    compression: Number(inside.variables['KUBE_RSYNC_COMPRESS']) || 0,
  },
});

/** The files that the scripts copy back: results, and outputs of generators. */
export const copyOutStep = ({ facts, containers, names, output }: Containing): CopyOutStep => ({
  ...base,
  kind: 'copy-out',
  id: COPY_OUT,
  title: 'copy output',
  needs: [SYNC_IN],
  container: names.build,
  user: containers.user,
  from: insideRoot(facts.tree.goPackage),
  directories: [`${DEFAULT_OUT_DIR}/dockerized/bin`],
  names: ['zz_generated.*', 'generated.proto', '*.pb.go', 'types.go'],
  manifest: join(output.memory, `synced-${names.volume}`),
});

/** Removes the build container and keeps the data container. */
export const removeContainersStep = ({ names }: Containing, after: readonly StepId[]): SweepStep => ({
  ...base,
  kind: 'sweep',
  id: id('remove-containers'),
  title: `remove container ${names.build}`,
  needs: [],
  after,
  labels: names.run,
  what: ['containers'],
});

/** Removes all objects of this tree in the engine, for all branches and versions. */
export const makeCleanStep = ({ names }: Containing): SweepStep => ({
  ...base,
  kind: 'sweep',
  id: id('make-clean'),
  title: 'remove the containers, volumes and images of this tree',
  needs: [ENGINE],
  labels: names.tree,
  what: ['containers', 'volumes', 'images'],
});
