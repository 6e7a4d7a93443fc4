import { basename } from 'node:path/posix';
import type {
  ArchiveStep,
  BillStep,
  ChecksumStep,
  CompressStep,
  ImageStep,
  ProvenanceStep,
  PullStep,
} from '@slipway/model';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

const made: Performed = { outcome: { is: 'ran', why: 'it was asked for' }, output: '' };

export async function performArchive(step: ArchiveStep, { plan, archives, signal }: Performing): Promise<Performed> {
  const { entries, time } = step;
  await archives.write(pathIn(plan, step.to), { entries, time, root: plan.root, compression: 'gzip' }, signal);
  return made;
}

export async function performCompress(step: CompressStep, { plan, archives, signal }: Performing): Promise<Performed> {
  await archives.compress(pathIn(plan, step.from), pathIn(plan, step.to), signal);
  return made;
}

export async function performImage(step: ImageStep, { plan, images, signal }: Performing): Promise<Performed> {
  const base = step.base === undefined ? undefined : pathIn(plan, step.base);
  await images.write(pathIn(plan, step.to), { ...step, base, root: plan.root }, signal);
  return made;
}

export async function performChecksum(step: ChecksumStep, { plan, archives, files }: Performing): Promise<Performed> {
  const lines: string[] = [];
  for (const file of step.files)
    lines.push(`${await archives.digest(pathIn(plan, file), step.algorithm)}  ${basename(file)}\n`);
  await files.writeFileWhole(pathIn(plan, step.to), lines.join(''));
  return made;
}

export async function performBill(step: BillStep, { plan, bills }: Performing): Promise<Performed> {
  const binaries = step.binaries.map((binary) => ({ ...binary, file: pathIn(plan, binary.file) }));
  await bills.write(pathIn(plan, step.to), { ...step, binaries });
  return made;
}

export async function performProvenance(
  step: ProvenanceStep,
  { plan, archives, files }: Performing,
): Promise<Performed> {
  const subject: object[] = [];
  for (const file of step.files)
    subject.push({ name: basename(file), digest: { sha256: await archives.digest(pathIn(plan, file), 'sha256') } });
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: step.predicateType,
    predicate: JSON.parse(step.predicate) as object,
  };
  await files.writeFileWhole(pathIn(plan, step.to), `${JSON.stringify(statement, undefined, 1)}\n`);
  return made;
}

export async function performPull(step: PullStep, { plan, registry, signal }: Performing): Promise<Performed> {
  const pulled = await registry.pull({ ...step, to: pathIn(plan, step.to), signal });
  const outcome =
    pulled === 'same'
      ? ({ is: 'fresh', why: 'it was fetched before' } as const)
      : ({ is: 'ran', why: 'it was not here' } as const);
  return { outcome, output: '' };
}
