import { basename, dirname, join } from 'node:path';
import {
  type CommandResult,
  type CommandRunner,
  type OutputFiles,
  lookAt,
  moveTree,
  readForeign,
  stashAway,
} from '@slipway/adapters';
import { type Environment, FailureError, limits } from '@slipway/model';
import type { OutputNames } from '@slipway/plan';
import { type BinaryPlaces, binaryPlaces, lockComparison, stashOf } from './binary-places.ts';
import { compareTrees, listEntries } from './compare-trees.ts';
import type { Comparison } from './comparison.ts';

export interface WithMakeRequest {
  readonly root: string;
  readonly names: OutputNames;
  /** Builds the targets with profile `make`, into the tree's own places. */
  readonly buildWithSlipway: () => Promise<void>;
  /** Arguments of make: `['all', 'WHAT=cmd/kubectl']`. */
  readonly makeArguments: readonly string[];
  /** Programs that make builds for its own use and puts beside the others: generators. */
  readonly upkeep?: readonly string[];
  /** The complete environment. The Go that slipway uses comes first on PATH. */
  readonly environment: Environment;
  readonly runner: CommandRunner;
  readonly files: OutputFiles;
  readonly signal?: AbortSignal;
  /** Gets progress lines, and the output of a failed make. */
  readonly emit: (line: string) => void;
}

export interface WithMakeResult {
  /** Side A is slipway's, side B make's. */
  readonly comparison: Comparison;
  readonly slipwaySeconds: number;
  readonly makeSeconds: number;
}

/**
 * Builds the same targets with slipway and with the tree's own make, and compares the published files. Each build
 * starts without binaries, because scripts and Go treat existing ones as done. Go's caches stay, because their keys
 * contain all inputs: different flags miss, every binary is linked again, and equal packages are compiled once.
 */
export async function compareWithMake(request: WithMakeRequest): Promise<WithMakeResult> {
  const { root, names, emit, signal } = request;
  const places = binaryPlaces(root, names);
  await requireMake(request);
  await using _lock = await lockComparison(
    places,
    { onWait: () => emit('waiting for another comparison in this tree') },
    signal,
  );
  const sides = { slipway: join(places.compare, 'slipway', 'bin'), make: join(places.compare, 'make', 'bin') };
  let slipwaySeconds: number;
  let makeSeconds: number;
  {
    await using _stash = await stashAway(stashOf(places));
    for (const side of Object.values(sides)) await request.files.removeTree(dirname(side));
    emit('building with slipway, profile make');
    slipwaySeconds = await secondsOf(request.buildWithSlipway);
    await keepResult(places, { to: sides.slipway, builder: 'slipway' }, request.files);
    emit(`building with ${['make', ...request.makeArguments].join(' ')}`);
    let output = '';
    makeSeconds = await secondsOf(async () => void (output = await runMake(request)));
    requireRsync(output, (await lookAt(places.published)) !== undefined);
    await keepResult(places, { to: sides.make, builder: 'make' }, request.files);
    await removeNamed(sides.make, request.upkeep ?? [], request.files);
  }
  emit('comparing');
  return {
    comparison: await compareTrees(sides.slipway, sides.make, signal && { signal }),
    slipwaySeconds,
    makeSeconds,
  };
}

async function requireMake({ root, runner, environment, signal }: WithMakeRequest): Promise<void> {
  const found = await findMakefile(root);
  if (found === undefined) {
    throw new FailureError({
      code: 'UNSUPPORTED_TREE',
      fact: `${root} has no Makefile, so there is no make to compare with`,
      hint: 'compare two directories of binaries: slipway compare DIR_A DIR_B',
    });
  }
  if (isForwarder(found.text)) {
    throw new FailureError({
      code: 'UNSUPPORTED_TREE',
      fact: `${found.path} forwards to slipway, which would be compared with itself`,
      hint: 'move it aside, or bring back the Makefile the tree had',
    });
  }
  try {
    await runner.run({ argv: ['make', '--version'], cwd: root, env: environment, ...(signal && { signal }) });
  } catch (error) {
    if (!(error instanceof FailureError) || error.failures[0]?.code !== 'TOOL_MISSING') throw error;
    throw new FailureError({
      code: 'TOOL_MISSING',
      tool: 'make',
      why: "the tree's own build is to be compared with",
      hint: 'apt-get install make, dnf install make, or xcode-select --install',
    });
  }
}

/** In GNU make's search order. */
async function findMakefile(root: string): Promise<{ path: string; text: string } | undefined> {
  for (const name of ['GNUmakefile', 'makefile', 'Makefile']) {
    const path = join(root, name);
    const read = await readForeign(path, limits.source.bytes, 'followed');
    if ('bytes' in read) return { path, text: read.bytes.toString() };
  }
  return undefined;
}

/** A recipe that forwards its goals to slipway. */
const isForwarder = (makefile: string): boolean =>
  /^\t.*(?:\bslipway\b.*\$(?:@|\(MAKECMDGOALS\))|\$[({]SLIPWAY[)}])/m.test(makefile);

async function runMake({ runner, root, environment, makeArguments, signal, emit }: WithMakeRequest): Promise<string> {
  const result = await runner.run({
    argv: ['make', ...makeArguments],
    cwd: root,
    env: environment,
    ...(signal && { signal }),
  });
  if (result.exit === 0) return result.output;
  for (const line of result.output.trimEnd().split('\n')) emit(line);
  requireRsync(result.output, false);
  throw new FailureError({
    code: 'COMMAND_FAILED',
    command: ['make', ...makeArguments].join(' '),
    exit: exitOf(result),
  });
}

const exitOf = (result: CommandResult): number | string => result.exit ?? result.signal ?? 'a signal';

/** Kubernetes' place_bins runs rsync from find, which reports a missing rsync but does not fail. */
function requireRsync(output: string, published: boolean): void {
  if (!/\brsync\b.{0,3}: (?:command not found|not found|No such file or directory)/.test(output)) return;
  const why = published
    ? "some of make's binaries are not where it wanted to place them"
    : 'make places its binaries with it';
  throw new FailureError({
    code: 'TOOL_MISSING',
    tool: 'rsync',
    why,
    hint: 'apt-get install rsync, dnf install rsync, or brew install rsync',
  });
}

/** Moves the published files to their directory, so that the next build finds none. */
async function keepResult(
  places: BinaryPlaces,
  { to, builder }: { readonly to: string; readonly builder: string },
  files: OutputFiles,
): Promise<void> {
  if ((await lookAt(places.published)) === undefined) {
    throw new FailureError({
      code: 'UNSUPPORTED_TREE',
      fact: `${builder} published nothing in ${places.published}`,
      hint: 'slipway compare DIR_A DIR_B compares any two directories',
    });
  }
  await moveTree(places.published, to);
  await files.removeTree(places.go);
  await files.removeTree(places.hostLink);
}

async function removeNamed(directory: string, names: readonly string[], files: OutputFiles): Promise<void> {
  for (const path of (await listEntries(directory)).keys())
    if (names.includes(basename(path))) await files.removeTree(join(directory, path));
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
