import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Territory, checkPlaces } from '@slipway/adapters';
import { FailureError, type Plan, type Step } from '@slipway/model';
import { type OutputNames, absolute } from '@slipway/plan';
import type { Services } from './services.ts';

/**
 * Throws OUTPUT_TRACKED if git tracks the output. Throws FOREIGN_LINK if a path that this plan writes or removes, or
 * slipway's records beside it, goes through a symbolic link.
 */
export async function checkOutput(
  { plan, names }: { readonly plan: Plan; readonly names: OutputNames },
  services: Services,
): Promise<void> {
  const places = [...placesOf(names), ...plan.steps.flatMap(placesOfStep)].map((path) => absolute(plan.root, path));
  places.push(...linksIn(absolute(plan.root, names.memory)));
  const territory = territoryOf(plan.root, names, services);
  await checkPlaces(places, territory);
  const { output, root } = territory;
  const { git, environment: env, signal } = services;
  if (output.startsWith(`${root}/`) && (await git.isTracked({ root, env, signal, path: output })) === true)
    throw new FailureError({ code: 'OUTPUT_TRACKED', path: output });
}

/** The same before a plan exists: for paths that a comparison moves aside and every run moves back. */
export const checkAside = (root: string, names: OutputNames, services: Services): Promise<void> =>
  checkPlaces(
    placesOf(names).map((path) => absolute(root, path)),
    territoryOf(root, names, services),
  );

function territoryOf(root: string, names: OutputNames, { git, environment: env, signal }: Services): Territory {
  return {
    root,
    output: absolute(root, names.root),
    isTracked: async (path) =>
      (await git.isTracked({ root: dirname(path), env, signal, path })) ?? inRepository(dirname(path)),
  };
}

const inRepository = (directory: string): boolean =>
  existsSync(join(directory, '.git')) || (dirname(directory) !== directory && inRepository(dirname(directory)));

/** Paths that every run may write or move, besides those of its plan. */
const placesOf = (names: OutputNames): string[] => [
  ...[names.local, join(names.local, 'bin'), names.lock, names.scratch, names.noModules, names.compare],
  join(names.compare, 'aside'),
  ...[names.memory, join(names.memory, 'graphs'), join(names.memory, 'parts')],
  ...['bin', 'pkg', 'pkg/mod'].map((name) => join(names.gopath, name)),
];

/** Slipway's records are in many files; none may be a link. */
function linksIn(memory: string): string[] {
  try {
    const entries = readdirSync(memory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** Other programs write through a link; slipway replaces the link by a file. */
function placesOfStep(step: Step): string[] {
  if (step.kind === 'remove') return step.paths.map(dirname);
  if (step.kind === 'pull') return [join(step.to, 'blobs/sha256')];
  if (step.kind === 'copy-out') return [...step.directories];
  const scratch = 'scratch' in step && step.scratch !== undefined ? [step.scratch] : [];
  return [...scratch, ...(step.kind === 'exec' ? step.outputs : step.outputs.map(dirname))];
}
