import { join } from 'node:path/posix';
import type {
  BaseImageStep,
  ContainerStep,
  DataContainerStep,
  EngineStep,
  BuildImageStep,
  Outcome,
  SweepStep,
} from '@slipway/model';
import { FailureError, labels } from '@slipway/model';
import { meterFor } from './meter.ts';
import { pathIn } from './path-in.ts';
import type { Containers, Performed, Performing } from './performing.ts';

/** Does `work` if something has to run in a container; else reports that nothing has. */
export async function whenNeeded(
  performing: Performing,
  work: (containers: Containers) => Promise<Outcome>,
): Promise<Performed> {
  const { why } = await performing.needContainers();
  const outcome: Outcome =
    why === undefined ? { is: 'fresh', why: 'no step in a container is stale' } : await work(containersOf(performing));
  return { outcome, output: '' };
}

export function containersOf({ containers }: Performing): Containers {
  if (containers === undefined) throw new Error('run: a plan with container steps is run without an engine');
  return containers;
}

const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);

export const performEngine = (step: EngineStep, performing: Performing): Promise<Performed> =>
  whenNeeded(performing, async ({ engine }) => {
    const instead = step.instead === undefined ? '' : `, or build on this machine: ${step.instead}`;
    const { version, platform, memory, rootless } = await engine.describe().catch((error: unknown) => {
      throw withHint(error, instead);
    });
    if (platform !== step.platform)
      throw new FailureError({
        code: 'ENGINE_TOO_SMALL',
        fact: `the container engine runs on ${platform}, and this machine's Go and compilers are for ${step.platform}`,
        hint: `name an engine on ${step.platform}: DOCKER_HOST=…${instead}`,
      });
    if (memory < step.memory)
      throw new FailureError({
        code: 'ENGINE_TOO_SMALL',
        fact: `the container engine has ${gibibytes(memory)} GiB of memory, ${gibibytes(step.memory)} are needed to link`,
        hint: `give its machine more memory${instead}`,
      });
    if (rootless && step.bound)
      throw new FailureError({
        code: 'NO_TRANSPORT',
        transport: 'bind',
        fact: 'the engine is rootless: in its containers root owns this tree, not the user who builds',
        hint: 'leave --sync out; slipway then sends the tree',
      });
    return { is: 'ran', why: `${version} on ${platform} with ${gibibytes(memory)} GiB` };
  });

/** Adds a hint about running without an engine. */
function withHint(error: unknown, more: string): unknown {
  if (!(error instanceof FailureError)) return error;
  return new FailureError(
    ...error.failures.map((failure) =>
      failure.code === 'NO_ENGINE' ? { ...failure, hint: `${failure.hint}${more}` } : failure,
    ),
  );
}

export const performBaseImage = (step: BaseImageStep, performing: Performing): Promise<Performed> =>
  whenNeeded(performing, async ({ engine, makeBaseImage, packageCache }) => {
    const { plan, signal } = performing;
    const meter = meterFor(step, performing);
    if (!step.always && (await engine.image(step.reference)) !== undefined)
      return { is: 'fresh', why: 'it is in the engine' };
    if (step.pull !== undefined) {
      await engine.pullImage(step.pull, step.reference, { signal, meter });
      return { is: 'ran', why: `pulled ${step.pull}` };
    }
    await makeBaseImage({ ...step, env: plan.environment, cache: packageCache, signal, meter }, (archive) =>
      engine.loadImage(archive, signal),
    );
    return { is: 'ran', why: step.always ? 'it was asked for' : 'it was not in the engine' };
  });

export const performBuildImage = (step: BuildImageStep, performing: Performing): Promise<Performed> =>
  whenNeeded(performing, async ({ engine, rememberImage }) => {
    const { plan, signal, archives, files } = performing;
    const [there, base, ...digests] = await Promise.all([
      engine.image(step.reference),
      engine.image(step.base),
      ...step.files.map(({ from }) => archives.digest(from, 'sha256')),
    ]);
    const wanted = {
      ...step.labels,
      [labels.key]: `${step.labels[labels.key]} ${base?.id}`,
      [labels.files]: digests.join(' '),
    };
    if ([labels.key, labels.files].every((name) => there?.labels[name] === wanted[name])) {
      rememberImage(step.reference, there!.labels);
      return { is: 'fresh', why: 'it is in the engine, made from the same base and files' };
    }
    for (const { from, to } of step.files) await files.publishFile(from, pathIn(plan, to));
    await engine.buildImage({ ...step, context: pathIn(plan, step.context), labels: wanted }, signal);
    const made = await engine.image(step.reference);
    rememberImage(step.reference, made?.labels ?? {});
    return {
      is: 'ran',
      why: there === undefined ? 'it was not in the engine' : 'its base, description or files changed',
    };
  });

export const performDataContainer = (step: DataContainerStep, performing: Performing): Promise<Performed> =>
  whenNeeded(performing, async ({ engine }) => {
    const volume = await engine.volume(step.volume);
    if (volume === undefined) await engine.createVolume({ name: step.volume, labels: step.labels });
    const there = volume !== undefined && (await engine.hasContainer(step.name));
    if (!there) await engine.createDataContainer(step);
    if (there) return { is: 'fresh', why: 'it is there, with its volume' };
    return { is: 'ran', why: volume === undefined ? 'there was no volume' : 'its container was gone' };
  });

export const performContainer = (step: ContainerStep, performing: Performing): Promise<Performed> =>
  whenNeeded(performing, async ({ engine }) => {
    await engine.startContainer(step, performing.signal);
    for (const { to, witness } of step.mounts)
      if (witness !== undefined && !(await engine.hasFile(step.name, join(to, witness))))
        throw new FailureError({
          code: 'NO_TRANSPORT',
          transport: 'bind',
          fact: 'the machine of the engine has another directory at the path of this tree',
          hint: 'leave --sync out; slipway then sends the tree',
        });
    const { why } = await performing.needContainers();
    return { is: 'ran', why: why! };
  });

export const performSweep = (step: SweepStep, performing: Performing): Promise<Performed> =>
  whenNeeded(performing, async ({ engine }) => {
    if (step.what.includes('containers')) await engine.close();
    const removed = await engine.sweep(step.what, step.labels);
    return removed.length === 0
      ? { is: 'fresh', why: 'the engine has no objects of this tree' }
      : { is: 'ran', why: `removed ${removed.join(', ')}` };
  });
