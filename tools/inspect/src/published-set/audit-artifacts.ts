import { createHash } from 'node:crypto';
import { type ReadMember, lookAt, openForeign, piecesOf, readArchive, readForeign, readImage } from '@slipway/adapters';
import {
  type ArchiveEntry,
  type ArchiveStep,
  type SbomStep,
  FailureError,
  type ImageStep,
  type Plan,
  type Step,
  limits,
} from '@slipway/model';
import { absolute } from '@slipway/plan';

/** One artifact of a plan. */
export interface Audited {
  /** Absolute. */
  readonly path: string;
  readonly is: 'whole' | 'missing' | 'wrong';
  readonly why: string;
}

/** The steps with shipped outputs. */
type Shipping = Extract<Step, { kind: 'archive' | 'compress' | 'image' | 'sbom' | 'provenance' | 'checksum' }>;

const isShipping = (step: Step): step is Shipping =>
  ['archive', 'compress', 'image', 'sbom', 'provenance', 'checksum'].includes(step.kind);

/**
 * Checks that every artifact of a plan exists and matches the plan: members, modes, time and links, and the content of
 * the packed files, if they still exist.
 */
export async function auditArtifacts(plan: Plan, signal: AbortSignal): Promise<Audited[]> {
  const audited: Audited[] = [];
  const digestOf = digester();
  for (const step of plan.steps.filter(isShipping)) {
    const path = absolute(plan.root, step.to);
    const found = await lookAt(path);
    const why =
      found === undefined
        ? 'it is missing'
        : found.kind === 'file'
          ? await problemOf(step, { plan, path, signal, digestOf })
          : 'it is not a regular file';
    audited.push({ path, is: why === undefined ? 'whole' : found === undefined ? 'missing' : 'wrong', why: why ?? '' });
  }
  return audited;
}

interface Auditing {
  readonly plan: Plan;
  readonly path: string;
  readonly signal: AbortSignal;
  /** sha256 of a file. */
  digestOf(path: string): Promise<string>;
}

async function problemOf(step: Shipping, auditing: Auditing): Promise<string | undefined> {
  try {
    switch (step.kind) {
      case 'archive':
        return await archiveProblem(step, auditing);
      case 'image':
        return await imageProblem(step, auditing);
      case 'compress':
        return void (await readArchive(auditing.path, { signal: auditing.signal }));
      case 'sbom':
        return await sbomProblem(step, auditing);
      case 'provenance':
      case 'checksum':
        // Its content is compared with the whole set.
        return undefined;
    }
  } catch (error) {
    const failure = error instanceof FailureError ? error.failures[0] : undefined;
    if (failure?.code === 'BAD_ARCHIVE' || failure?.code === 'UNREADABLE') return failure.fact;
    throw error;
  }
}

async function archiveProblem(step: ArchiveStep, auditing: Auditing): Promise<string | undefined> {
  const { members } = await readArchive(auditing.path, { signal: auditing.signal });
  return membersProblem(members, step, auditing);
}

async function imageProblem(step: ImageStep, auditing: Auditing): Promise<string | undefined> {
  const { names, layers } = await readImage(auditing.path, auditing.signal);
  if (names.join(' ') !== step.names.join(' ')) return `it is called ${names.join(', ')}, not ${step.names.join(', ')}`;
  const own = layers.slice(layers.length - step.layers.length);
  if (own.length < step.layers.length) return `it has ${layers.length} layers, not ${step.layers.length}`;
  for (const [i, entries] of step.layers.entries()) {
    const wrong = await membersProblem(own[i]!.members, { entries, time: step.time }, auditing);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

async function membersProblem(
  members: readonly ReadMember[],
  { entries, time }: Pick<ArchiveStep, 'entries' | 'time'>,
  auditing: Auditing,
): Promise<string | undefined> {
  for (const [i, entry] of entries.entries()) {
    const member = members[i];
    if (member?.path !== entry.path) return `${entry.path} is not where it should be in it`;
    const wrong = await memberProblem(member, { entry, time, auditing });
    if (wrong !== undefined) return `${entry.path} ${wrong}`;
  }
  return members.length === entries.length ? undefined : `${members[entries.length]!.path} does not belong into it`;
}

interface Planned {
  readonly entry: ArchiveEntry;
  readonly time: number;
  readonly auditing: Auditing;
}

async function memberProblem(member: ReadMember, { entry, time, auditing }: Planned): Promise<string | undefined> {
  if (member.mtime !== time || member.uid !== 0 || member.gid !== 0) return 'has another time or owner';
  if ('link' in entry) return member.target === entry.link ? undefined : 'links elsewhere';
  if ('directory' in entry) return member.kind === 'directory' ? undefined : 'is not a directory';
  if (member.kind !== 'file' || member.mode !== entry.mode) return 'has another mode';
  if ('text' in entry) return member.sha256 === sha256(entry.text) ? undefined : 'says something else';
  const file = absolute(auditing.plan.root, entry.file);
  // A packed file may be gone. The checksums of the set contain its digest.
  if (!(await isFile(file))) return undefined;
  return member.sha256 === (await auditing.digestOf(file)) ? undefined : `does not hold what ${entry.file} holds`;
}

/** It must describe each binary correctly. */
async function sbomProblem(step: SbomStep, { plan, path, digestOf }: Auditing): Promise<string | undefined> {
  const read = await readForeign(path, limits.sbom.bytes);
  if ('problem' in read) return read.problem;
  for (const { file, name, platform } of step.binaries) {
    const binary = absolute(plan.root, file);
    if ((await isFile(binary)) && !read.bytes.includes(await digestOf(binary)))
      return `it does not describe ${name} for ${platform}`;
  }
  return undefined;
}

const isFile = async (path: string): Promise<boolean> => (await lookAt(path, 'followed'))?.kind === 'file';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A binary is in several archives, but hashed once. */
function digester(): Auditing['digestOf'] {
  const digests = new Map<string, Promise<string>>();
  return (path) => {
    const known = digests.get(path) ?? hashFile(path);
    digests.set(path, known);
    return known;
  };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const opened = await openForeign(path, 'followed');
  if (typeof opened === 'string') return opened;
  await using file = opened;
  for await (const piece of piecesOf(file)) hash.update(piece);
  return hash.digest('hex');
}
