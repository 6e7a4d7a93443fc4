import { FailureError } from '@slipway/model';
import { stampedVariables, stampedVersion } from '@slipway/plan';
import { type Answer, answer } from '../answer.ts';
import { slipwayVersion } from '../slipway-version.ts';
import type { Asking } from '../services.ts';

/** Prints slipway's version, and the stamps of this tree's binaries if there is a tree. */
export async function version({ line, facts }: Asking): Promise<Answer> {
  const own = [`slipway ${slipwayVersion} (Node ${process.versions.node})`];
  const known = await facts().catch((error: unknown) => {
    if (error instanceof FailureError && error.failures.every((failure) => failure.code === 'NO_TREE'))
      return undefined;
    throw error;
  });
  if (known === undefined) return answer(own, { slipway: slipwayVersion });
  const result = stampedVersion(known, line.profile, line.variables);
  if (!result.ok) throw new FailureError(result.failure);
  const isStamped = (name: string): boolean => known.tree.stamps.some(({ flag }) => flag.includes(`@${name}@`));
  const variables = stampedVariables(known.tree.stamps, result.version);
  const reason =
    known.tree.stamps.length === 0
      ? 'no package of this tree has a variable for it; stamps in slipway.config.ts names others'
      : known.asked === undefined && known.tree.stamps.some(({ flag }) => flag.includes('@asked:'))
        ? 'what moves with a commit is stamped by the profiles release and make'
        : 'no tag, and no KUBE_GIT_VERSION';
  const stamped =
    variables.length === 0
      ? [`nothing is stamped: ${reason}`]
      : [
          `stamped with profile ${line.profile}:`,
          ...variables.map(({ variable, value }) => `  ${variable} = ${value}`),
        ];
  return answer([...own, `Go ${known.toolchain.version} (${known.toolchain.command})`, ...stamped], {
    slipway: slipwayVersion,
    go: known.toolchain,
    profile: line.profile,
    stamped: Object.fromEntries(Object.entries(result.version).filter(([name]) => isStamped(name))),
    variables,
  });
}
