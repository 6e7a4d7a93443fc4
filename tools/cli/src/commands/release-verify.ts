import { createPublicKey } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import {
  type ForeignBytes,
  isRecord,
  parseStatement,
  parseStrictJson,
  parseSums,
  readArchive,
  readForeign,
  signatureProblem,
} from '@slipway/adapters';
import { FailureError, limits } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { openSet } from '../release/open-set.ts';
import { PROVENANCE, type SetFiles, isBill, openSetFiles } from '../release/set-files.ts';
import type { Asking } from '../world.ts';

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  /** What is wrong; undefined when nothing is. */
  readonly wrong: string | undefined;
}

/** Archives somebody looked into already, by path: once is enough. */
type Looked = ReadonlySet<string>;

/** What a set says of itself, against what it is. Nothing of it is believed before: names, sizes and forms are checked. */
export async function releaseVerify({ args, world }: Asking, looked: Looked = new Set()): Promise<Answer> {
  const [given, keyFile] = args;
  if (given === undefined || args.length > 2)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release verify wants a directory, an address or a statement, and the public key of who signed it if you have it',
      hint: 'slipway release verify _output/release-tars publisher.pem.pub',
    });
  await using set = await openSet(given, world);
  const place = signedPlace(set.path);
  const key = keyFile === undefined ? undefined : await publicKey(resolve(world.cwd, keyFile), keyFile);
  const whole = place.alone ? await verifyStatement(place) : await verifySet(place.dir, looked, world.signal);
  const findings = [...whole, ...(await verifySignature(place, key))];
  const wrong = findings.filter((finding) => finding.wrong !== undefined);
  const lines = findings.map(({ what, wrong: why }) =>
    why === undefined ? `ok      ${what}` : `WRONG   ${what}: ${why}`,
  );
  const last =
    wrong.length === 0 ? `all ${findings.length} are as they say` : `${wrong.length} of ${findings.length} are wrong`;
  return answer(
    [...lines, last],
    { directory: set.isFetched ? given : place.dir, findings },
    wrong.length === 0 ? 'done' : 'verification',
  );
}

const SUMS = { SHA256SUMS: 'sha256', SHA512SUMS: 'sha512' } as const;
export const SIGNATURE = 'provenance.sigstore.json';

/** What is signed: the provenance of a set, or a statement that stands alone, as of who built a set again. */
export interface SignedPlace {
  readonly dir: string;
  readonly statement: string;
  readonly signature: string;
  readonly alone: boolean;
}

export function signedPlace(path: string): SignedPlace {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    return { dir: path, statement: PROVENANCE, signature: SIGNATURE, alone: false };
  const statement = basename(path);
  return { dir: dirname(path), statement, signature: `${statement.replace(/\.json$/, '')}.sigstore.json`, alone: true };
}

async function verifyStatement({ dir, statement }: SignedPlace): Promise<Finding[]> {
  const read = await readForeign(join(dir, statement), limits.statement.bytes);
  const parsed = 'problem' in read ? read.problem : parseStatement(read.bytes);
  return [{ what: `${statement} (form)`, wrong: typeof parsed === 'string' ? parsed : undefined }];
}

async function verifySet(dir: string, looked: Looked, signal?: AbortSignal): Promise<Finding[]> {
  const files = await openSetFiles(dir, signal);
  const { names } = files;
  const findings: Finding[] = [];
  const listed = new Set<string>();
  for (const [sums, algorithm] of Object.entries(SUMS)) {
    const read = await files.bytes(sums, limits.sums.bytes);
    const rows = 'problem' in read ? read.problem : parseSums(read.bytes.toString(), algorithm);
    if (typeof rows === 'string') findings.push({ what: sums, wrong: rows });
    else
      for (const { name, digest } of rows) {
        listed.add(name);
        findings.push({ what: `${name} (${algorithm})`, wrong: await files.digestProblem(name, algorithm, digest) });
      }
  }
  const strangers = names.filter((name) => !listed.has(name) && !(name in SUMS) && name !== SIGNATURE);
  findings.push(...strangers.map((what) => ({ what, wrong: 'no checksum is said of it' })));
  findings.push(...(await verifyProvenance(files)));
  for (const name of names.filter(isBill))
    findings.push({ what: `${name} (form)`, wrong: billProblem(await files.bytes(name, limits.bill.bytes)) });
  const archives = names.filter((each) => /\.(tar|tar\.gz|tar\.zst|tgz)$/.test(each));
  for (const name of archives.filter((each) => !looked.has(join(dir, each))))
    findings.push({ what: `${name} (members)`, wrong: await archiveProblem(join(dir, name), signal) });
  return findings;
}

/** Who signed is only known to who has his key. */
async function verifySignature(
  { dir, statement, signature }: SignedPlace,
  key: string | undefined,
): Promise<Finding[]> {
  const isThere = lstatSync(join(dir, signature), { throwIfNoEntry: false }) !== undefined;
  if (!isThere) return key === undefined ? [] : [{ what: `${signature} (signature)`, wrong: 'nobody signed it' }];
  const bundle = await readForeign(join(dir, signature), limits.signature.bytes);
  if ('problem' in bundle) return [{ what: signature, wrong: bundle.problem }];
  if (key === undefined) return [{ what: `${signature} (there; by whom only a public key tells)`, wrong: undefined }];
  const signed = await readForeign(join(dir, statement), limits.statement.bytes);
  const wrong = 'problem' in signed ? signed.problem : await signatureProblem(bundle.bytes, signed.bytes, key);
  return [{ what: `${signature} (signature)`, wrong }];
}

async function publicKey(path: string, given: string): Promise<string> {
  const read = await readForeign(path, limits.key.bytes, 'followed');
  if ('problem' in read)
    throw new FailureError({
      code: 'FILE_MISSING',
      path,
      why: `it was to be the public key of who signed, and ${read.problem}`,
    });
  try {
    return createPublicKey(read.bytes).export({ type: 'spki', format: 'pem' }) as string;
  } catch {
    throw new FailureError({
      code: 'BAD_VALUE',
      variable: 'release verify',
      value: given,
      expected: 'a public key in PEM',
    });
  }
}

/** Every artifact must be one of its subjects, and every subject an artifact. */
async function verifyProvenance(files: SetFiles): Promise<Finding[]> {
  const { names } = files;
  const read = await files.bytes(PROVENANCE, limits.statement.bytes);
  const statement = 'problem' in read ? read.problem : parseStatement(read.bytes);
  if (typeof statement === 'string') return [{ what: PROVENANCE, wrong: statement }];
  if (statement.predicateType !== 'https://slsa.dev/provenance/v1')
    return [{ what: PROVENANCE, wrong: 'it is no provenance of SLSA 1.0' }];
  const findings: Finding[] = [];
  const said = new Set<string>();
  for (const { name, sha256 } of statement.subjects) {
    said.add(name);
    findings.push({ what: `${name} (provenance)`, wrong: await files.digestProblem(name, 'sha256', sha256) });
  }
  const untold = names.filter(
    (name) => !said.has(name) && !(name in SUMS) && name !== PROVENANCE && name !== SIGNATURE,
  );
  return [
    ...findings,
    ...untold.map((name) => ({ what: `${name} (provenance)`, wrong: 'how it was made is not said' })),
  ];
}

/** Whether a bill can be read, and names something. */
function billProblem(read: ForeignBytes): string | undefined {
  const parsed = 'problem' in read ? read.problem : parseStrictJson(read.bytes, limits.bill);
  if (typeof parsed === 'string') return parsed;
  const bill = isRecord(parsed.value) ? parsed.value : {};
  const parts =
    bill['spdxVersion'] === 'SPDX-2.3'
      ? bill['packages']
      : bill['bomFormat'] === 'CycloneDX'
        ? bill['components']
        : undefined;
  return Array.isArray(parts) && parts.length > 0
    ? undefined
    : 'it is neither SPDX 2.3 nor CycloneDX, or names nothing';
}

/** What a published archive holds may have been made by anybody, and is read before somebody unpacks it. */
async function archiveProblem(path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    await readArchive(path, { ...(signal && { signal }) });
    return undefined;
  } catch (error) {
    const failure = error instanceof FailureError ? error.failures[0] : undefined;
    if (failure?.code === 'BAD_ARCHIVE' || failure?.code === 'UNREADABLE') return failure.fact;
    throw error;
  }
}
