import type { CommandRunner } from '@slipway/adapters';
import { runGoList } from './go-list.ts';
import type { Listed } from './listed.ts';
import { emptyPart, packageGraph, type GraphPart } from './package-graph.ts';
import type { GoListQuery, GraphRoot, PackageGraph } from './port.ts';
import { readListed } from './read-listed.ts';

export interface AskOptions {
  readonly runner: CommandRunner;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs go list once for all commands and once for all tests. A package that Go cannot load becomes a problem of its
 * closure; nothing is thrown.
 */
export async function askGraph(
  query: GoListQuery,
  roots: readonly GraphRoot[],
  options: AskOptions,
): Promise<PackageGraph> {
  const { plain, test } = pathsByKind(roots);
  return packageGraph({
    plain: plain.length === 0 ? emptyPart : partOf(await askListed({ query, patterns: plain, test: false }, options)),
    test: test.length === 0 ? emptyPart : partOf(await askListed({ query, patterns: test, test: true }, options)),
  });
}

export const pathsByKind = (roots: readonly GraphRoot[]): { readonly plain: string[]; readonly test: string[] } => ({
  plain: [...new Set(roots.filter((root) => !root.test).map((root) => root.importPath))].sort(),
  test: [...new Set(roots.filter((root) => root.test).map((root) => root.importPath))].sort(),
});

export interface AskRequest {
  readonly query: GoListQuery;
  readonly patterns: readonly string[];
  readonly test: boolean;
}

export async function askListed(request: AskRequest, { runner, signal }: AskOptions): Promise<Listed> {
  const answer = await runGoList(request, runner, signal);
  return 'problem' in answer
    ? { packages: [], roots: new Map(), library: [], problem: answer.problem }
    : readListed(answer.packages, request);
}

export const partOf = ({ packages, roots, library, problem }: Listed): GraphPart => ({
  packages: new Map(packages.map((one) => [one.importPath, one])),
  roots,
  library,
  problems: new Map(
    packages.flatMap((one) => (one.problem === undefined ? [] : [[one.importPath, one.problem] as const])),
  ),
  problem,
});
