import type { TargetRow } from './row.ts';
import { build } from './variables-of.ts';

/** Targets that compile. */
export const buildTargets = [
  {
    name: 'all',
    kind: 'build',
    does: 'build',
    summary: 'Build commands, test binaries and everything else WHAT names, for the host or KUBE_BUILD_PLATFORMS.',
    variables: build,
    example: 'slipway all WHAT=cmd/kubectl GOFLAGS=-v',
  },
  {
    name: 'build',
    kind: 'build',
    does: 'build',
    arguments: 'LABEL…',
    summary: "As all, in Bazel's words: //cmd/kubectl, //pkg/..., //test/e2e:e2e.test; -//vendor/... takes away.",
    variables: build,
    example: 'slipway build //cmd/kubectl/...',
  },
  {
    name: 'bazel-build',
    rare: true,
    kind: 'build',
    does: 'build',
    arguments: 'LABEL…',
    summary: 'The make spelling of build; without labels //... -//vendor/...',
    variables: build,
    example: 'slipway bazel-build',
  },
  {
    name: 'cross',
    kind: 'build',
    does: 'build',
    summary: 'Build every set (server, node, client, test) for all its platforms.',
    variables: [...build, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS'],
    example: 'slipway cross KUBE_BUILD_PLATFORMS="linux/amd64 windows/amd64"',
  },
] as const satisfies readonly TargetRow[];
