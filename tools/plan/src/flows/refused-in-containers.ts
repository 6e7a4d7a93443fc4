import type { ContainerFacts, Facts, Failure } from '@slipway/model';
import { type ContainerizedRequest, goalOf, insteadOf } from './containerized-request.ts';
import { compiles } from './goals.ts';

/** What is asked for and cannot be done in a container, each with what to do instead. */
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

/** The scripts' own flags carry the path of their tree, which is another one inside. */
function notInside({ profile, target }: ContainerizedRequest): Failure[] {
  if (profile !== 'make') return [];
  const instead = insteadOf(target);
  return [
    {
      code: 'BAD_USAGE',
      fact: "profile make is the tree's own build, which slipway does on this machine only",
      hint: `slipway run -- make, which is the tree's own make in the container, or --profile release${instead === undefined ? '' : `, or ${instead} --profile make`}`,
    },
  ];
}

/** Only the tree is sent into the container. */
const workFileOutside = ({ tree, environment }: Facts): Failure[] =>
  !environment['GOWORK'] || tree.workFile === undefined || tree.workFile.startsWith(`${tree.root}/`)
    ? []
    : [
        {
          code: 'GO_SETTING',
          setting: `GOWORK=${environment['GOWORK']}`,
          why: 'it lies outside the tree, and nothing outside the tree is in the build container',
          hint: 'move it into the tree, or build on this machine',
        },
      ];

/** Its programs are those of this machine. */
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

/** The disk an engine binds is that of its own machine. */
const notBound = ({ sync }: ContainerizedRequest, { remote }: ContainerFacts): Failure[] =>
  sync === 'bind' && remote
    ? [
        {
          code: 'NO_TRANSPORT',
          transport: sync,
          fact: 'the engine is on another machine, which does not have this tree',
          hint: 'leave --sync out: the tree is sent then',
        },
      ]
    : [];

/** `run` without a command. */
export const noCommand = ({ command }: ContainerizedRequest): Failure[] =>
  command.length > 0
    ? []
    : [{ code: 'BAD_USAGE', fact: 'run needs a command to run', hint: 'slipway run -- make WHAT=cmd/kubectl' }];
