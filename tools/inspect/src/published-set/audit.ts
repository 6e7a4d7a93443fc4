import { dirname, relative } from 'node:path';
import { lookAt } from '@slipway/adapters';
import type { Plan } from '@slipway/model';
import { type OutputNames, absolute } from '@slipway/plan';
import { type Audited, auditArtifacts } from './audit-artifacts.ts';
import { type Finding, verifyPublished } from './verify-set.ts';

export type { Audited } from './audit-artifacts.ts';

export interface Audit {
  readonly artifacts: readonly Audited[];
  /** Errors in the set's own statements, besides missing artifacts. */
  readonly set: readonly Finding[];
}

interface Auditing {
  /** The file with the expected signer's public key. */
  readonly keyFile: string | undefined;
  readonly signal: AbortSignal;
}

/** Checks that every artifact of a plan exists and is complete, and that the set matches its own statements. */
export async function auditRelease(
  { plan, names }: { readonly plan: Plan; readonly names: OutputNames },
  { keyFile, signal }: Auditing,
): Promise<Audit> {
  const artifacts = await auditArtifacts(plan, signal);
  const dir = absolute(plan.root, names.releaseTars);
  // Images without a set have their own checksums.
  const hasSet = plan.steps.some((step) => step.kind === 'checksum' && dirname(step.to) === names.releaseTars);
  if (!hasSet || (await lookAt(dir, 'followed')) === undefined) return { artifacts, set: [] };
  const looked = new Set(artifacts.map(({ path }) => path));
  const findings = await verifyPublished(dir, { keyFile, looked, signal });
  const missing = new Set(artifacts.filter(({ is }) => is === 'missing').map(({ path }) => relative(dir, path)));
  return { artifacts, set: findings.filter(({ name, wrong }) => wrong !== undefined && !missing.has(name)) };
}

export const isGood = ({ artifacts, set }: Audit): boolean =>
  set.length === 0 && artifacts.every(({ is }) => is === 'whole');
