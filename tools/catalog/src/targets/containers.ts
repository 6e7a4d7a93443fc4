import type { TargetRow } from './row.ts';
import { build, engine, inside, releasing } from './variables-of.ts';

/** Targets that need a container engine. */
export const containerTargets = [
  {
    name: 'run',
    kind: 'containerized',
    arguments: '-- COMMAND…',
    summary: 'Run a command in the build container, and bring back what it made: run -- make WHAT=cmd/kubectl.',
    variables: [...build, ...inside, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS', 'KUBE_RUN_COPY_OUTPUT'],
    example: 'slipway run -- go version',
  },
  {
    name: 'shell',
    kind: 'containerized',
    arguments: '-- WORD…',
    summary: 'Open a shell in the build container; words after -- go to bash.',
    variables: [...build, ...inside, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS', 'KUBE_RUN_COPY_OUTPUT'],
    example: 'slipway shell',
  },
  {
    name: 'copy-output',
    kind: 'containerized',
    summary: 'Bring back results and generated files from the data container.',
    variables: ['OUT_DIR', ...engine],
    example: 'slipway copy-output',
  },
  {
    name: 'make-build-image',
    kind: 'containerized',
    summary: 'Make the build image and the data container; -B makes the base image again.',
    variables: ['GO_VERSION', 'FORCE_HOST_GO', 'OUT_DIR', ...engine],
    example: 'slipway make-build-image --from-packages',
  },
  {
    name: 'make-clean',
    kind: 'containerized',
    summary: 'Remove the containers, volumes and images of this tree from the engine.',
    variables: ['OUT_DIR', ...engine],
    example: 'slipway make-clean',
  },
  {
    name: 'cross-in-a-container',
    kind: 'containerized',
    as: 'cross',
    summary: 'Build every set for all its platforms in the build container; results in _output/dockerized/bin.',
    variables: [...build, ...inside, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS'],
    example: 'slipway cross-in-a-container KUBE_BUILD_PLATFORMS=linux/amd64',
  },
  {
    name: 'release-in-a-container',
    kind: 'containerized',
    as: 'release',
    profile: 'release',
    summary: 'release, never without a container.',
    variables: [...releasing, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS', 'KUBE_RELEASE_RUN_TESTS'],
    example: 'slipway release-in-a-container KUBE_RELEASE_RUN_TESTS=n',
  },
] as const satisfies readonly TargetRow[];
