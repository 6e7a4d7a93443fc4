import { relative, resolve } from 'node:path';
import { lookAt } from '@slipway/adapters';
import { findTarget } from '@slipway/catalog';
import {
  type Audit,
  type Finding,
  type Recorded,
  auditRelease,
  isGood,
  readProvenance,
  whatOf,
} from '@slipway/inspect';
import { FailureError } from '@slipway/model';
import { absolute, outputNames } from '@slipway/plan';
import { type Answer, answer } from '../answer.ts';
import type { CommandLine } from '../parse-arguments.ts';
import { progressReporter } from '../report/progress.ts';
import type { Asking } from '../services.ts';
import type { Planned } from '../planned.ts';
import { performPlan, planGoals, showPlan } from './build.ts';

/**
 * Checks that a release is complete, unchanged, described and, with a key, signed. The plan decides what belongs to it,
 * not the directory's content. --repair makes missing or wrong artifacts again, and nothing else.
 */
export async function releaseAudit(asking: Asking): Promise<Answer> {
  const { line, services } = asking;
  const { target, key } = readArguments(asking.args);
  const building = asking.again(await requestOf(target, asking));
  const planned = await planGoals(building);
  const auditing = { keyFile: key === undefined ? undefined : resolve(services.cwd, key), signal: services.signal };
  let audit = await auditRelease(planned, auditing);
  if (line.repair && !isGood(audit)) {
    if (line.dryRun) return showPlan(building);
    for (const { path } of audit.artifacts.filter(({ is }) => is === 'wrong')) await services.files.removeTree(path);
    using reporter = progressReporter(services.progress);
    await performPlan(planned, building, reporter);
    audit = await auditRelease(planned, auditing);
  }
  const lines = formatAudit(audit, planned, line.repair);
  return answer(lines, { ...audit, set: audit.set.map(toldOf) }, isGood(audit) ? 'done' : 'verification');
}

function readArguments(args: readonly string[]): { target: string | undefined; key: string | undefined } {
  const words = args.filter((word) => findTarget(word) !== undefined);
  const keys = args.filter((word) => findTarget(word) === undefined);
  const isRelease = words.every(makesSet);
  if (words.length > 1 || keys.length > 1 || !isRelease)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release audit takes at most the target that made the release, and the public key of the signer',
      hint: 'slipway release audit quick-release publisher.pem.pub',
    });
  return { target: words[0], key: keys[0] };
}

/** Targets that push or load images make no set: a repair would push or load them again. */
function makesSet(word: string): boolean {
  const row = findTarget(word);
  return row !== undefined && 'packs' in row && (row.packs === 'everything' || row.packs === 'images');
}

/**
 * The existing set states its target, unless the user names one. A set that was never built in a container was built
 * here.
 */
async function requestOf(target: string | undefined, asking: Asking): Promise<Partial<CommandLine>> {
  const { variables, profile } = asking.line;
  const { root } = await asking.tree();
  const inContainers = (await lookAt(absolute(root, outputNames(variables, 'dockerized').memory))) !== undefined;
  const withoutDocker = asking.line.withoutDocker || !inContainers;
  const words = [target ?? 'release-skip-tests'];
  const built = { words, profile: 'release' as typeof profile, report: false, withoutDocker };
  if (target !== undefined) return { ...built, variables };
  const recorded = await recordedIn(absolute(root, outputNames(variables).releaseTars));
  if (recorded === undefined) return { ...built, variables };
  return { ...built, profile: recorded.profile, variables: { ...recorded.given, ...variables } };
}

/** Undefined for a set that does not say how it was made. The audit reports that. */
async function recordedIn(directory: string): Promise<Recorded | undefined> {
  try {
    return (await readProvenance(directory)).recorded;
  } catch (error) {
    if (error instanceof FailureError) return undefined;
    throw error;
  }
}

const toldOf = (finding: Finding): string => `${whatOf(finding)}: ${finding.wrong}`;

function formatAudit({ artifacts, set }: Audit, { plan }: Planned, isRepaired: boolean): string[] {
  const lines = artifacts.map(({ path, is, why }) => {
    const name = relative(plan.root, path);
    return is === 'whole'
      ? `ok      ${name}`
      : `${is === 'missing' ? 'MISSING' : 'WRONG  '} ${name}${is === 'missing' ? '' : `: ${why}`}`;
  });
  const bad = artifacts.filter(({ is }) => is !== 'whole').length;
  const advice = isRepaired
    ? 'the plan cannot make the rest: remove it, or sign again'
    : 'slipway release audit --repair makes the artifacts of the plan again';
  const last =
    bad + set.length === 0
      ? `all ${artifacts.length} artifacts of the plan are there, whole and described`
      : `${bad} of ${artifacts.length} artifacts are missing or wrong, and ${set.length} statements about the set: ${advice}`;
  return [...lines, ...set.map((each) => `WRONG   ${toldOf(each)}`), last];
}
