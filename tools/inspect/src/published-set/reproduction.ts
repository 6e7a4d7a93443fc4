import type { Facts, Plan } from '@slipway/model';
import type { ArtifactResult } from './compare-sets.ts';

export const REPRODUCTION = 'https://slipway.example/reproduction/v1';

export interface Rebuilt {
  /** sha256 of the provenance used. */
  readonly provenance: string;
  readonly plan: Plan;
  readonly facts: Facts;
  readonly variables: Readonly<Record<string, string>>;
}

/** A statement of the person who rebuilt, with the result. It is not signed. */
export function statementOf(
  results: readonly ArtifactResult[],
  { provenance, plan, facts, variables }: Rebuilt,
): object {
  const { OUT_DIR: _place, ...repeated } = variables;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: results.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: REPRODUCTION,
    predicate: {
      provenance: { digest: { sha256: provenance } },
      rebuilt: {
        commit: facts.git.commit ?? null,
        clean: facts.git.clean === true,
        go: facts.toolchain.version,
        platform: facts.machine.platform,
        profile: plan.profile,
        variables: repeated,
      },
      results: results.map(({ name, is, causes }) => ({ name, is, causes })),
    },
  };
}
