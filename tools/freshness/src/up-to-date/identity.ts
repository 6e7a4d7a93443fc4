import { join } from 'node:path/posix';
import {
  type Action,
  type Environment,
  type Place,
  type Step,
  closureInput,
  goBuildOf,
  placeOf,
  settingsIn,
} from '@slipway/model';
import type { Closure, PackageGraph } from '../graph/port.ts';
import type { NativeQuery } from '../native/port.ts';
import { goListQuery } from './go-list-query.ts';
import { type KeyParts, actionParts, closureParts, keyOf } from './key.ts';
import { observedParts } from './observed.ts';
import { contentOf, pathOf } from './output-file.ts';
import type { CheckOptions } from './port.ts';
import { type Reads, nativeQuery, readReads } from './reads.ts';

/** The current inputs of an action. */
export interface Identity {
  readonly action: Action;
  readonly parts: KeyParts;
  /** Undefined if some inputs are unknown: the action is then never up to date, kept or restored. */
  readonly key: string | undefined;
  /** Why there is no key. */
  readonly problem: string | undefined;
  /** Its output files, including its result file: absolute. */
  readonly outputs: readonly string[];
  /** The digest of the outputs at that time. */
  readonly digest: string;
  /** Files in the key, absolute, without those of packages. */
  readonly paths: ReadonlySet<string>;
  readonly closure: Closure | undefined;
  readonly reads: Reads | undefined;
  /** The query for compilers; undefined without Go. */
  readonly query: NativeQuery | undefined;
  /** The environment of the program on this machine. */
  readonly environment: Environment;
}

/** The queries for Go and compilers of a step with closures. */
export interface GoAsked {
  readonly native: NativeQuery;
  readonly graph: PackageGraph;
}

export async function askGo(step: Step, options: CheckOptions): Promise<GoAsked | undefined> {
  const build = goBuildOf(step);
  if (build === undefined || step.kind !== 'exec') return undefined;
  const query = goListQuery(step, build, { ...options, host: options.places.host });
  const roots = (step.actions ?? []).flatMap((action) => closureInput(action) ?? []);
  const { graph } = await options.graphs.load(query, roots);
  return { graph, native: nativeQuery(build, query, options.places[step.place]?.container?.image) };
}

/** The common data of a step's actions. */
export interface Around {
  readonly place: Place;
  readonly asked: GoAsked | undefined;
  readonly environment: Environment;
}

/** Everything except the observed inputs: see `withObserved`. */
export async function identify(
  action: Action,
  { place, asked, environment }: Around,
  options: CheckOptions,
): Promise<Identity> {
  const { index, root, native } = options;
  const outputs = outputsOf(action, options);
  // Read in parallel, if necessary.
  for (const path of outputs) await index.digestAside(path);
  const own = {
    ...{ action, environment, outputs, digest: contentOf(outputs, index), closure: undefined, reads: undefined },
    query: asked?.native,
    ...{
      parts: actionParts(action, { index, root, settings: settingsIn(action, place) }),
      paths: filesOf(action, root),
    },
  };
  const input = closureInput(action);
  const volatile = action.cache.is === 'volatile' ? action.cache.why : undefined;
  if (input === undefined || asked === undefined) return withKey({ ...own, problem: volatile });
  const closure = asked.graph.closureOf(input);
  if (closure.problem !== undefined) return withKey({ ...own, closure, problem: closure.problem });
  const reads = await readReads({ asked: asked.native, closure, native, index });
  const { image } = asked.native;
  const { compiler } = input.build;
  const tools = image === undefined || compiler === undefined ? undefined : options.imageTools?.(image, compiler);
  const isUnknownImage = image !== undefined && compiler !== undefined && tools === undefined;
  return withKey({
    ...own,
    ...{ closure, reads, paths: new Set([...own.paths, ...reads.paths]) },
    parts: { ...own.parts, ...closureParts({ build: input.build, closure, index, reads, image: tools }) },
    problem:
      volatile ??
      (isUnknownImage ? 'the build image with its C compiler is not on this machine yet' : undefined) ??
      reads.problem,
  });
}

const withKey = (found: Omit<Identity, 'key'>): Identity => ({
  ...found,
  key: found.problem === undefined ? keyOf(found.parts) : undefined,
});

/** The full key: the static key and the current state of the observed names. */
export function withObserved(identity: Identity, names: readonly string[], { root, index }: CheckOptions): Identity {
  const { parts, paths } = observedParts(names, { root, index, environment: identity.environment });
  return withKey({
    ...identity,
    parts: { ...identity.parts, ...parts },
    paths: new Set([...identity.paths, ...paths]),
  });
}

export const isObserved = ({ inputs }: Action): boolean => inputs.some(({ kind }) => kind === 'observed');

/** A result is a file, too, beside the records of the tree. */
export const resultFile = (action: Action, { states }: CheckOptions): string =>
  join(states.directory, 'results', `${placeOf(action.id)}.json`);

function outputsOf(action: Action, options: CheckOptions): string[] {
  const files = action.outputs.map((output) => pathOf(options.root, output));
  return action.hasResult ? [...files, resultFile(action, options)] : files;
}

const filesOf = ({ inputs }: Action, root: string): Set<string> =>
  new Set(
    inputs.flatMap((input) => {
      if (input.kind === 'files') return input.paths.map((path) => pathOf(root, path));
      return input.kind === 'named' ? [pathOf(root, input.path)] : [];
    }),
  );
