import type { ContainerFacts, Facts, Failure } from '@slipway/model';
import { type ContainerizedRequest, goalOf, insteadOf } from './containerized-request.ts';
import { compiles } from './goals.ts';

/** Requests that do not work in a container, each with an alternative. */
export const refusedInContainers = (
  request: ContainerizedRequest,
  facts: Facts,
  containers: ContainerFacts,
): Failure[] => [
  ...notInside(request),
  ...workFileOutside(facts),
  ...before(request, facts),
  ...notBound(request, containers),
];

/** The scripts' own flags contain the path of the tree, which differs in the container. */
function notInside({ profile, target }: ContainerizedRequest): Failure[] {
  if (profile !== 'make') return [];
  const instead = insteadOf(target);
  return [
    {
      code: 'BAD_USAGE',
      fact: "profile make is the tree's own build, and slipway runs it on this machine only",
      hint: `slipway run -- make, which is the tree's own make in the container, or --profile release${instead === undefined ? '' : `, or ${instead} --profile make`}`,
    },
  ];
}

/** Only the tree is sent to the container. */
const workFileOutside = ({ tree, environment }: Facts): Failure[] =>
  !environment['GOWORK'] || tree.workFile === undefined || tree.workFile.startsWith(`${tree.root}/`)
    ? []
    : [
        {
          code: 'GO_SETTING',
          setting: `GOWORK=${environment['GOWORK']}`,
          why: 'it lies outside the tree, and the build container has only the tree',
          hint: 'move it into the tree, or build on this machine',
        },
      ];

/** Steps before the build use programs of this machine. */
const before = ({ target }: ContainerizedRequest, { tree: { before: steps = [] } }: Facts): Failure[] =>
  steps.length === 0 || ![goalOf(target)].some((goal) => goal !== undefined && compiles([goal]))
    ? []
    : [
        {
          code: 'UNSUPPORTED_TREE',
          fact: `before in slipway.config.ts runs ${steps[0]!.argv[0]}, and the build image has the programs of Go builds alone`,
          hint: 'build on this machine: --without-docker',
        },
      ];

/** A remote engine would bind its own machine's disk. */
const notBound = ({ sync }: ContainerizedRequest, { remote }: ContainerFacts): Failure[] =>
  sync === 'bind' && remote
    ? [
        {
          code: 'NO_TRANSPORT',
          transport: sync,
          fact: 'the engine is on another machine, which does not have this tree',
          hint: 'leave --sync out; slipway then sends the tree',
        },
      ]
    : [];

/** `run` without a command. */
export const noCommand = ({ command }: ContainerizedRequest): Failure[] =>
  command.length > 0
    ? []
    : [{ code: 'BAD_USAGE', fact: 'run needs a command', hint: 'slipway run -- make WHAT=cmd/kubectl' }];
