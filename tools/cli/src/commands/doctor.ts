import { statfs } from 'node:fs/promises';
import { installHint } from '@slipway/catalog';
import { type Facts, type FailureCode, FailureError, failureHint, failureMessage } from '@slipway/model';
import { findProgram } from '@slipway/facts';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../world.ts';

interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** A missing thing that only some targets need. */
  readonly needed: boolean;
  readonly says: string;
  readonly hint: string;
}

/** What this tree needs of this machine, each with what is there and how to get what is not. */
export async function doctor(asking: Asking): Promise<Answer> {
  const { world } = asking;
  const checks: Check[] = [
    { what: 'node', ok: true, needed: true, says: process.versions.node, hint: '' },
    ...(await programs(asking)),
    ...(await treeChecks(asking)),
    await diskCheck(world.cwd),
  ];
  const lines = checks.map(
    ({ what, ok, needed, says, hint }) =>
      `${ok ? 'ok     ' : needed ? 'missing' : 'absent '} ${what.padEnd(26)} ${says}${ok ? '' : `\n        ${hint}`}`,
  );
  const failed = checks.some((check) => !check.ok && check.needed);
  return answer(lines, checks, failed ? 'toolMissing' : 'done');
}

const tools = [
  { what: 'git', needed: false, why: 'without it nothing is stamped', hint: 'apt-get install git' },
  { what: 'bash', needed: false, why: 'needed to ask a tree with hack/lib/golang.sh', hint: 'apt-get install bash' },
  { what: 'make', needed: false, why: 'needed by compare --with make', hint: 'apt-get install make' },
  {
    what: 'rsync',
    needed: false,
    why: "needed by Kubernetes' own make, for compare --with make",
    hint: 'apt-get install rsync',
  },
  { what: 'gcc', needed: false, why: 'needed by commands with cgo', hint: 'apt-get install gcc libc6-dev' },
] as const;

async function programs({ world }: Asking): Promise<Check[]> {
  return tools.map(({ what, needed, why, hint }) => {
    const path = findProgram(what, world.environment);
    return { what, ok: path !== undefined, needed, says: path ?? why, hint };
  });
}

const goFailures = new Set<FailureCode>(['GO_UNAVAILABLE', 'TOOL_MISSING', 'HASH_MISMATCH']);

async function treeChecks({ facts }: Asking): Promise<Check[]> {
  const known = await facts().catch((error: unknown) => {
    if (error instanceof FailureError) return error;
    throw error;
  });
  if (known instanceof FailureError) {
    return known.failures.map((failure) => ({
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
      says: `${tree.root}, known from ${tree.source}: ${tree.allTargets.length} targets`,
      hint: '',
    },
    { what: 'go', ok: true, needed: true, says: `${toolchain.version} at ${toolchain.command}${wants}`, hint: '' },
    ...compilers(known),
  ];
}

function compilers({ tree, machine, compilers: found }: Facts): Check[] {
  const platforms = [...new Set(Object.values(tree.sets).flatMap((set) => set.platforms))].filter(
    (platform) => platform !== machine.platform,
  );
  return platforms.flatMap((platform): Check[] => {
    const command = tree.platformEnvironments[platform]?.['CC'];
    if (command === undefined) return [];
    return [
      {
        what: command,
        ok: found[command] !== '',
        needed: false,
        says: `for commands with cgo on ${platform}`,
        hint: installHint(command),
      },
    ];
  });
}

/** Kubernetes for one platform takes 9 GB with Go's caches. */
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
