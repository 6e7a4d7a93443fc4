import { basename, dirname, relative } from 'node:path/posix';
import {
  type ArchiveStep,
  type SbomStep,
  type ChecksumStep,
  type CompressStep,
  type ImageStep,
  type LoadStep,
  type ProvenanceStep,
  type PullStep,
  type PushStep,
  FailureError,
  counted,
} from '@slipway/model';
import { containersOf } from './containers.ts';
import { meterFor } from './meter.ts';
import { pathIn } from './path-in.ts';
import type { LinkedModule } from '@slipway/adapters';
import type { Performed, Performing } from './performing.ts';

const made: Performed = { outcome: { is: 'ran', why: 'it was asked for' }, output: '' };

export async function performArchive(step: ArchiveStep, performing: Performing): Promise<Performed> {
  const { plan, archives, signal } = performing;
  const { entries, time } = step;
  const archive = { entries, time, root: plan.root, meter: meterFor(step, performing) };
  await archives.write(pathIn(plan, step.to), archive, signal);
  return made;
}

export async function performCompress(step: CompressStep, performing: Performing): Promise<Performed> {
  const { plan, archives, signal } = performing;
  await archives.compress(pathIn(plan, step.from), pathIn(plan, step.to), signal, meterFor(step, performing));
  return made;
}

export async function performImage(step: ImageStep, performing: Performing): Promise<Performed> {
  const { plan, images, signal } = performing;
  const base = step.base === undefined ? undefined : pathIn(plan, step.base);
  await images.write(
    pathIn(plan, step.to),
    { ...step, base, root: plan.root, meter: meterFor(step, performing) },
    signal,
  );
  return made;
}

/** Freshness has already hashed the files of a step. */
async function sha256Of(file: string, { plan, archives, freshness }: Performing): Promise<string> {
  return freshness?.digest(file) ?? archives.digest(pathIn(plan, file), 'sha256');
}

export async function performChecksum(step: ChecksumStep, performing: Performing): Promise<Performed> {
  const { plan, archives, files } = performing;
  const digestOf = (file: string): Promise<string> =>
    step.algorithm === 'sha256' ? sha256Of(file, performing) : archives.digest(pathIn(plan, file), step.algorithm);
  const lines: string[] = [];
  for (const file of step.files) lines.push(`${await digestOf(file)}  ${relative(dirname(step.to), file)}\n`);
  const to = pathIn(plan, step.to);
  // Removes old statements about the set, which would no longer match.
  if (step.algorithm === 'sha256')
    await archives.removeFormer(
      to,
      step.files.map((file) => basename(file)),
    );
  await files.writeFileWhole(to, lines.join(''));
  return made;
}

export async function performSbom(step: SbomStep, performing: Performing): Promise<Performed> {
  const { plan, sboms, images } = performing;
  const here = step.images.map((image) => ({ ...image, archive: pathIn(plan, image.archive) }));
  const { manifests } = await images.describe({ images: here, annotations: {} });
  const binaries = await Promise.all(
    step.binaries.map(async (binary) => ({
      ...binary,
      file: pathIn(plan, binary.file),
      sha256: await sha256Of(binary.file, performing),
    })),
  );
  const vendor = step.vendor === undefined ? undefined : pathIn(plan, step.vendor);
  await sboms.write(pathIn(plan, step.to), {
    ...{ ...step, binaries, vendor, root: plan.root, sums: step.sums.map((file) => pathIn(plan, file)) },
    images: step.images.map((image, i) => ({ ...image, repository: repositoryOf(image.name), digest: manifests[i]! })),
  });
  return made;
}

export async function performProvenance(step: ProvenanceStep, performing: Performing): Promise<Performed> {
  const { plan, sboms, files } = performing;
  const digestOf = async (file: string) => ({ sha256: await sha256Of(file, performing) });
  const subject: object[] = [];
  for (const file of step.files) subject.push({ name: basename(file), digest: await digestOf(file) });
  subject.push(...(await imageSubjects(step, performing)));
  const materials: object[] = [];
  for (const { name, file } of step.materials) {
    const digest = await digestOf(file).catch(ifMissing);
    if (digest !== undefined) materials.push({ name, digest });
  }
  const linked = await sboms.modules({
    binaries: await Promise.all(
      step.binaries.map(async (file) => ({ file: pathIn(plan, file), ...(await digestOf(file)) })),
    ),
    sums: step.sums.map((file) => pathIn(plan, file)),
  });
  const predicate = JSON.parse(step.predicate) as { buildDefinition: { resolvedDependencies: { name?: string }[] } };
  const library = await sboms.standardLibrary(step.go.goroot);
  const compiler = await digestOf(step.go.command).catch(ifMissing);
  const dependencies = predicate.buildDefinition.resolvedDependencies.map((each) =>
    each.name === 'go' && compiler !== undefined ? { ...each, digest: compiler } : each,
  );
  const modules = linked.map((each) =>
    moduleDependency(each.path === 'stdlib' ? { ...each, sum: library ?? '' } : each),
  );
  predicate.buildDefinition.resolvedDependencies = [...dependencies, ...materials, ...modules];
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: step.predicateType,
    predicate,
  };
  await files.writeFileWhole(pathIn(plan, step.to), `${JSON.stringify(statement, undefined, 1)}\n`);
  return made;
}

/** Archives of images by their relative path; manifests and indexes by their repository, as registries name them. */
async function imageSubjects(step: ProvenanceStep, performing: Performing): Promise<object[]> {
  const { plan, images } = performing;
  const subjects = new Map<string, object>();
  const add = (name: string, sha256: string): void =>
    void subjects.set(name, { name, digest: { sha256: sha256.replace(/^sha256:/, '') } });
  for (const index of step.images) {
    const here = index.images.map((image) => ({ ...image, archive: pathIn(plan, image.archive) }));
    const { digest, manifests } = await images.describe({ ...index, images: here });
    for (const [i, { archive, name }] of index.images.entries()) {
      add(archive.split('/').slice(-2).join('/'), await sha256Of(archive, performing));
      add(repositoryOf(name), manifests[i]!);
    }
    // An image's name wins over an index of the same name.
    if (!subjects.has(repositoryOf(index.name))) add(repositoryOf(index.name), digest);
  }
  return [...subjects.values()];
}

const repositoryOf = (name: string): string => name.replace(/:[^:/]*$/, '');

function ifMissing(error: unknown): undefined {
  if (error instanceof FailureError && error.failures[0]?.code === 'FILE_MISSING') return undefined;
  throw error;
}

/**
 * `dirHash`: Go's own hash of a module, in hex
 * (https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md).
 */
const moduleDependency = ({ path, url, sum }: LinkedModule): object => ({
  name: path,
  uri: url,
  ...(sum === '' ? {} : { digest: { dirHash: Buffer.from(sum.replace(/^h1:/, ''), 'base64').toString('hex') } }),
});

export async function performPull(step: PullStep, performing: Performing): Promise<Performed> {
  const { plan, registry, signal } = performing;
  const pulled = await registry.pull({
    ...{ ...step, to: pathIn(plan, step.to) },
    ...{ meter: meterFor(step, performing), signal },
  });
  const outcome =
    pulled === 'same'
      ? ({ is: 'fresh', why: 'it was fetched before' } as const)
      : ({ is: 'ran', why: 'it was not here' } as const);
  return { outcome, output: '' };
}

export async function performPush(step: PushStep, performing: Performing): Promise<Performed> {
  const { plan, registry, signal } = performing;
  const images = step.images.map((image) => ({ ...image, archive: pathIn(plan, image.archive) }));
  const pushed = await registry.push({
    ...{ ...step, images, set: pathIn(plan, step.set) },
    ...{ meter: meterFor(step, performing), signal },
  });
  const output = pushed.isDescribed
    ? ''
    : `${step.set} has no provenance of ${step.name}: run slipway release, then push-images again to add it\n`;
  if (pushed.is === 'same') return { outcome: { is: 'fresh', why: 'the registry has all of it' }, output };
  const beside =
    pushed.documents === 0 ? '' : `, with ${counted(pushed.documents, 'document')} of the release beside it`;
  return { outcome: { is: 'ran', why: `it was asked for${beside}` }, output };
}

export async function performLoad(step: LoadStep, performing: Performing): Promise<Performed> {
  await containersOf(performing).engine.loadImage(pathIn(performing.plan, step.archive), performing.signal);
  return made;
}
