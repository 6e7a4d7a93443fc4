import type { Step } from '@slipway/model';
import type { NativeQuery } from '../native/port.ts';
import type { Identity } from './identity.ts';
import { LINKED } from './key.ts';
import { NO_KEY, removeStrange } from './output-file.ts';
import type { CheckOptions } from './port.ts';
import { packagesWithC } from './reads.ts';
import { UNTOLD, type Watch, type Watched, suspectOf, watchGo } from './watch-go.ts';

/** How a step's program is called for these actions. Commands with C are not trusted to be linked. */
export async function watchStep(step: Step, identities: readonly Identity[], options: CheckOptions): Promise<Watch> {
  const { places, index, compiled } = options;
  const query = identities[0]?.query;
  if (query === undefined || step.kind !== 'exec') return UNTOLD;
  const suspects = await suspectsOf(identities, query, options);
  // Slipway cannot remove entries of a worker's cache.
  if (step.place === 'remote') return { ...UNTOLD, flags: suspects.every(({ isLibrary }) => isLibrary) ? [] : ['-a'] };
  const container = places[step.place]?.container;
  if (container === undefined)
    for (const each of identities)
      if (isLinkedAgain(each, options)) for (const path of each.outputs) await removeStrange(path, index);
  return watchGo({ id: step.id, container, suspects, query, index, compiled });
}

/** Packages that Go may take from its cache although a file read by their C or assembly has changed. */
async function suspectsOf(
  identities: readonly Identity[],
  query: NativeQuery,
  { native, index }: CheckOptions,
): Promise<Watched[]> {
  const suspects = new Map<string, Watched>();
  const outputs = Map.groupBy(identities, ({ closure }) => closure?.root);
  for (const { closure } of identities) {
    if (closure === undefined) continue;
    for (const one of packagesWithC(closure)) {
      const isLibrary = closure.library.some((other) => other === one);
      const linking = isLibrary
        ? undefined
        : await native.linking(
            { root: `${one.importPath} alone`, packages: closure.packages.filter((each) => each === one), library: [] },
            query,
          );
      const inputs = [await native.compiling(one, query), linking].filter((each) => each !== undefined);
      const suspect = suspectOf(one.importPath, inputs, { index, isLibrary });
      const own = (outputs.get(one.importPath) ?? []).flatMap((each) => each.outputs);
      if (suspect !== undefined) suspects.set(one.importPath, { ...suspect, outputs: own });
    }
  }
  return [...suspects.values()];
}

/** Go knows nothing about the reads of an external linker, and trusts what was linked with other libraries. */
function isLinkedAgain({ action, problem, reads, parts }: Identity, { states }: CheckOptions): boolean {
  if (reads === undefined || (problem === undefined && reads.linking?.isExternal !== true)) return false;
  const isKnown = problem === undefined && states.get(action.id)?.key !== NO_KEY;
  return !isKnown || states.partsOf(action.id)?.[LINKED] !== parts[LINKED];
}
