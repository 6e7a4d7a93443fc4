import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Installation, installHint, installationOf, withoutCompiler } from '@slipway/catalog';
import {
  counted,
  type Facts,
  type Failure,
  type FailureCode,
  FailureError,
  type Platform,
  failureHint,
  failureMessage,
} from '@slipway/model';
import { findProgram } from '@slipway/facts';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';
import { installMissing } from './doctor-fix.ts';

export interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** False: only some targets need it. */
  readonly needed: boolean;
  readonly says: string;
  readonly hint: string;
  /** How --fix installs it; undefined if a person has to decide. */
  readonly installation?: Installation | undefined;
}

/**
 * The requirements of this tree on this machine: what exists, and how to install what is missing. --fix installs it.
 */
export async function doctor(asking: Asking): Promise<Answer> {
  const found = await examine(asking);
  if (!asking.line.fix) return answerOf(found);
  const wanted = found.flatMap(({ ok, installation }) => (ok || installation === undefined ? [] : [installation]));
  const changed = await installMissing(wanted, asking);
  return answerOf(changed ? await examine(asking.again({})) : found);
}

async function examine(asking: Asking): Promise<Check[]> {
  const known = await asking.facts().catch((error: unknown) => {
    if (error instanceof FailureError) return error;
    throw error;
  });
  return [
    { what: 'node', ok: true, needed: true, says: process.versions.node, hint: '' },
    ...programs(asking, known),
    ...treeChecks(known),
    await engineCheck(asking),
    await diskCheck(asking.services.cwd),
  ];
}

function answerOf(checks: readonly Check[]): Answer {
  const lines = checks.flatMap(({ what, ok, needed, says, hint }) => [
    `${ok ? 'ok     ' : needed ? 'missing' : 'absent '} ${what.padEnd(26)} ${says}`,
    ...(ok ? [] : [`        ${hint}`]),
  ]);
  const failed = checks.some((check) => !check.ok && check.needed);
  return answer(lines, checks, failed ? 'toolMissing' : 'done');
}

interface Tool {
  readonly what: string;
  readonly why: string;
  readonly debian: string;
  /** Reports whether this tree needs it. */
  readonly needed?: (facts: Facts) => boolean;
}

/** Whether `all` and a release of this tree would lack a C compiler. */
const wantsCgo = ({ tree, machine }: Facts): boolean =>
  tree.withoutCgo === undefined &&
  tree.linkedAlike !== true &&
  tree.platformEnvironments[machine.platform]?.['CGO_ENABLED'] !== '0';

const tools: readonly Tool[] = [
  {
    what: 'git',
    why: 'without it nothing is stamped',
    debian: 'git',
    needed: ({ tree }) => existsSync(join(tree.root, '.git')),
  },
  { what: 'bash', why: 'needed to ask a tree with hack/lib/golang.sh', debian: 'bash' },
  { what: 'make', why: 'needed by compare --with make', debian: 'make' },
  { what: 'rsync', why: "needed by Kubernetes' own make, for compare --with make", debian: 'rsync' },
  { what: 'gcc', why: 'needed by commands with cgo', debian: 'gcc libc6-dev', needed: wantsCgo },
];

function programs({ services }: Asking, known: Facts | FailureError): Check[] {
  return tools.map(({ what, why, debian, needed }) => {
    const path = findProgram(what, services.environment);
    const lacked = known instanceof FailureError ? known.failures.find((failure) => lacks(failure, what)) : undefined;
    const isNeeded = lacked !== undefined || (!(known instanceof FailureError) && needed?.(known) === true);
    const says = path ?? (lacked === undefined ? why : failureMessage(lacked));
    const found = { what, ok: path !== undefined, needed: isNeeded, says };
    return { ...found, hint: `apt-get install ${debian}`, installation: { debian } };
  });
}

/** Whether a tree cannot be read because this program is missing. The row of the program says so, and no other. */
const lacks = (failure: Failure, tool: string): boolean => failure.code === 'TOOL_MISSING' && failure.tool === tool;

const goFailures = new Set<FailureCode>(['GO_UNAVAILABLE', 'TOOL_MISSING', 'HASH_MISMATCH']);

function treeChecks(known: Facts | FailureError): Check[] {
  if (known instanceof FailureError) {
    const others = known.failures.filter((failure) => !tools.some(({ what }) => lacks(failure, what)));
    return others.map((failure) => ({
      what: goFailures.has(failure.code) ? 'go' : 'tree',
      ok: false,
      needed: true,
      says: failureMessage(failure),
      hint: failureHint(failure),
    }));
  }
  const { tree, toolchain } = known;
  const wants =
    tree.go === undefined ? '' : `, ${tree.go.from} asks for ${tree.go.exact ? '' : 'at least '}${tree.go.version}`;
  return [
    {
      what: 'tree',
      ok: true,
      needed: true,
      says: `${tree.root}, known from ${tree.source}: ${counted(tree.allTargets.length, 'target')}`,
      hint: '',
    },
    { what: 'go', ok: true, needed: true, says: `${toolchain.version} at ${toolchain.command}${wants}`, hint: '' },
    ...compilers(known),
  ];
}

function compilers({ tree, compilers: found }: Facts): Check[] {
  return Object.entries(tree.platformEnvironments).flatMap(([name, { CC: command, CGO_ENABLED: cgo }]): Check[] => {
    const says = `for commands with cgo on ${name}`;
    if (command !== undefined) {
      const installation = installationOf(command);
      const ok = found[command] !== '';
      return [{ what: command.split(' ')[0]!, ok, needed: true, says, hint: installHint(command), installation }];
    }
    if (cgo !== '1') return [];
    const { tool, why, hint } = withoutCompiler(name as Platform);
    return [{ what: tool, ok: false, needed: true, says: `${says}: ${why}`, hint }];
  });
}

/** Only targets that run containers need an engine. */
async function engineCheck({ services }: Asking): Promise<Check> {
  const row = { what: 'container engine', needed: false };
  try {
    const { version, platform } = await services.engine.describe();
    return { ...row, ok: true, says: `${version} on ${platform}`, hint: '' };
  } catch (error) {
    const failure = error instanceof FailureError ? error.failures[0] : undefined;
    if (failure === undefined) throw error;
    return { ...row, ok: false, says: failureMessage(failure), hint: failureHint(failure) };
  }
}

/** Kubernetes for one platform takes 9 GB, including Go's caches. */
const ENOUGH_DISK = 10 * 2 ** 30;

async function diskCheck(directory: string): Promise<Check> {
  const { bavail, bsize } = await statfs(directory);
  const gibibytes = (bavail * bsize) / 2 ** 30;
  return {
    what: 'disk',
    ok: bavail * bsize >= ENOUGH_DISK,
    needed: false,
    says: `${gibibytes.toFixed(0)} GiB free`,
    hint: 'a tree of the size of Kubernetes takes 9 GB a platform with its caches',
  };
}
