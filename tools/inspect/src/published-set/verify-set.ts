import { createPublicKey } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import {
  type ForeignBytes,
  isRecord,
  lookAt,
  parseStatement,
  parseStrictJson,
  parseSums,
  readArchive,
  readForeign,
  signatureProblem,
} from '@slipway/adapters';
import { FailureError, limits } from '@slipway/model';
import { PROVENANCE, type SetFiles, isSbom, openSetFiles } from './set-files.ts';

/** The result of one check. */
export interface Finding {
  /** A file of the set. */
  readonly name: string;
  /** The aspect of the file. */
  readonly aspect?: string;
  /** The problem; undefined if there is none. */
  readonly wrong: string | undefined;
}

/** The subject of a finding, in words. */
export const whatOf = ({ name, aspect }: Finding): string => (aspect === undefined ? name : `${name} (${aspect})`);

interface Verifying {
  /** The file with the expected signer's public key. */
  readonly keyFile?: string | undefined;
  /** Archives that were already checked, by path. */
  readonly looked?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

/**
 * Compares the statements of a set, or a single statement, with the files. Names, sizes and formats are checked before
 * anything is trusted.
 */
export async function verifyPublished(
  path: string,
  { keyFile, looked = new Set(), signal }: Verifying,
): Promise<Finding[]> {
  const place = await signedPlace(path);
  const key = keyFile === undefined ? undefined : await publicKey(keyFile);
  const whole = place.alone ? await verifyStatement(place) : await verifySet(place.dir, looked, signal);
  return [...whole, ...(await verifySignature(place, key))];
}

const SUMS = { SHA256SUMS: 'sha256', SHA512SUMS: 'sha512' } as const;
const SIGNATURE = 'provenance.sigstore.json';

/** The signed file: the provenance of a set, or a single statement such as that of a rebuild. */
export interface SignedPlace {
  readonly dir: string;
  readonly statement: string;
  readonly signature: string;
  readonly alone: boolean;
}

export async function signedPlace(path: string): Promise<SignedPlace> {
  if ((await lookAt(path))?.kind !== 'file')
    return { dir: path, statement: PROVENANCE, signature: SIGNATURE, alone: false };
  const statement = basename(path);
  return { dir: dirname(path), statement, signature: `${statement.replace(/\.json$/, '')}.sigstore.json`, alone: true };
}

async function verifyStatement({ dir, statement }: SignedPlace): Promise<Finding[]> {
  const read = await readForeign(join(dir, statement), limits.statement.bytes);
  const parsed = 'problem' in read ? read.problem : parseStatement(read.bytes);
  return [{ name: statement, aspect: 'form', wrong: typeof parsed === 'string' ? parsed : undefined }];
}

async function verifySet(dir: string, looked: ReadonlySet<string>, signal?: AbortSignal): Promise<Finding[]> {
  const files = await openSetFiles(dir, signal);
  const { names } = files;
  const findings: Finding[] = [];
  const listed = new Set<string>();
  for (const [sums, algorithm] of Object.entries(SUMS)) {
    const read = await files.bytes(sums, limits.sums.bytes);
    const rows = 'problem' in read ? read.problem : parseSums(read.bytes.toString(), algorithm);
    if (typeof rows === 'string') findings.push({ name: sums, wrong: rows });
    else
      for (const { name, digest } of rows) {
        listed.add(name);
        findings.push({ name, aspect: algorithm, wrong: await files.digestProblem(name, algorithm, digest) });
      }
  }
  const strangers = names.filter((name) => !listed.has(name) && !(name in SUMS) && name !== SIGNATURE);
  findings.push(...strangers.map((name) => ({ name, wrong: 'it is not listed in SHA256SUMS' })));
  findings.push(...(await verifyProvenance(files)));
  for (const name of names.filter(isSbom))
    findings.push({ name, aspect: 'form', wrong: sbomProblem(await files.bytes(name, limits.sbom.bytes)) });
  const archives = names.filter((each) => /\.(tar|tar\.gz|tar\.zst|tgz)$/.test(each));
  for (const name of archives.filter((each) => !looked.has(join(dir, each))))
    findings.push({ name, aspect: 'members', wrong: await archiveProblem(join(dir, name), signal) });
  return findings;
}

/** Only the public key identifies the signer. */
async function verifySignature(
  { dir, statement, signature }: SignedPlace,
  key: string | undefined,
): Promise<Finding[]> {
  const name = signature;
  if ((await lookAt(join(dir, name))) === undefined)
    return key === undefined ? [] : [{ name, aspect: 'signature', wrong: 'nobody signed it' }];
  const bundle = await readForeign(join(dir, name), limits.signature.bytes);
  if ('problem' in bundle) return [{ name, wrong: bundle.problem }];
  if (key === undefined)
    return [{ name, aspect: 'present; give the public key to check who signed it', wrong: undefined }];
  const signed = await readForeign(join(dir, statement), limits.statement.bytes);
  const wrong = 'problem' in signed ? signed.problem : await signatureProblem(bundle.bytes, signed.bytes, key);
  return [{ name, aspect: 'signature', wrong }];
}

async function publicKey(path: string): Promise<string> {
  const read = await readForeign(path, limits.key.bytes, 'followed');
  if ('problem' in read)
    throw new FailureError({
      code: 'FILE_MISSING',
      path,
      why: `the public key of the signer cannot be used: ${read.problem}`,
    });
  try {
    return createPublicKey(read.bytes).export({ type: 'spki', format: 'pem' }) as string;
  } catch {
    throw new FailureError({
      code: 'BAD_VALUE',
      variable: 'release verify',
      value: path,
      expected: 'a public key in PEM',
    });
  }
}

/** Every artifact must be a subject, and every subject an artifact. */
async function verifyProvenance(files: SetFiles): Promise<Finding[]> {
  const { names } = files;
  const read = await files.bytes(PROVENANCE, limits.statement.bytes);
  const statement = 'problem' in read ? read.problem : parseStatement(read.bytes);
  if (typeof statement === 'string') return [{ name: PROVENANCE, wrong: statement }];
  if (statement.predicateType !== 'https://slsa.dev/provenance/v1')
    return [{ name: PROVENANCE, wrong: 'it is not SLSA 1.0 provenance' }];
  const findings: Finding[] = [];
  const said = new Set<string>();
  for (const { name, sha256 } of statement.subjects) {
    said.add(name);
    findings.push({ name, aspect: 'provenance', wrong: await files.digestProblem(name, 'sha256', sha256) });
  }
  const untold = names.filter(
    (name) => !said.has(name) && !(name in SUMS) && name !== PROVENANCE && name !== SIGNATURE,
  );
  return [
    ...findings,
    ...untold.map((name) => ({ name, aspect: 'provenance', wrong: 'the provenance does not name it' })),
  ];
}

/** Reports whether a bill of materials is readable and names something. */
function sbomProblem(read: ForeignBytes): string | undefined {
  const parsed = 'problem' in read ? read.problem : parseStrictJson(read.bytes, limits.sbom);
  if (typeof parsed === 'string') return parsed;
  const sbom = isRecord(parsed.value) ? parsed.value : {};
  const parts =
    sbom['spdxVersion'] === 'SPDX-2.3'
      ? sbom['packages']
      : sbom['bomFormat'] === 'CycloneDX'
        ? sbom['components']
        : undefined;
  return Array.isArray(parts) && parts.length > 0
    ? undefined
    : 'it is neither SPDX 2.3 nor CycloneDX, or names nothing';
}

/** A published archive is untrusted, and is checked before anybody unpacks it. */
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
