import { createHash, createPublicKey } from 'node:crypto';
import { createReadStream, existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isRecord, parseStatement, parseStrictJson, parseSums, readArchive, signatureProblem } from '@slipway/adapters';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { openSet } from '../release/open-set.ts';
import type { Asking } from '../world.ts';

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  /** What is wrong; undefined when nothing is. */
  readonly wrong: string | undefined;
}

/** What a set says of itself, against what it is. Nothing of it is believed before: names, sizes and forms are checked. */
export async function releaseVerify({ args, world }: Asking): Promise<Answer> {
  const [given, keyFile] = args;
  if (given === undefined || args.length > 2)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release verify wants a directory, an address or a statement, and the public key of who signed it if you have it',
      hint: 'slipway release verify _output/release-tars publisher.pem.pub',
    });
  await using set = await openSet(given, world);
  const place = signedPlace(set.path);
  const key = keyFile === undefined ? undefined : publicKey(resolve(world.cwd, keyFile), keyFile);
  const whole = place.alone ? verifyStatement(place) : await verifySet(place.dir, world.signal);
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
export const PROVENANCE = 'provenance.json';
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

function verifyStatement({ dir, statement }: SignedPlace): Finding[] {
  const parsed = parseStatement(textOf(dir, statement));
  return [{ what: `${statement} (form)`, wrong: typeof parsed === 'string' ? parsed : undefined }];
}

/** Texts are small; one larger than this is refused unread. */
const LARGEST_TEXT = 64 << 20;

async function verifySet(dir: string, signal?: AbortSignal): Promise<Finding[]> {
  const names = namesIn(dir);
  const digests = new Map<string, Promise<string>>();
  const digestOf = (name: string, algorithm: 'sha256' | 'sha512'): Promise<string> => {
    const key = `${algorithm} ${name}`;
    const known = digests.get(key) ?? digest(join(dir, name), algorithm);
    digests.set(key, known);
    return known;
  };
  const findings: Finding[] = [];
  const listed = new Set<string>();
  for (const [sums, algorithm] of Object.entries(SUMS)) {
    const rows = parseSums(textOf(dir, sums), algorithm);
    if (typeof rows === 'string') findings.push({ what: sums, wrong: rows });
    else
      for (const { name, digest: said } of rows) {
        listed.add(name);
        const wrong = !names.includes(name)
          ? 'it is missing'
          : (await digestOf(name, algorithm)) === said
            ? undefined
            : 'it has other bytes';
        findings.push({ what: `${name} (${algorithm})`, wrong });
      }
  }
  const strangers = names.filter((name) => !listed.has(name) && !(name in SUMS) && name !== SIGNATURE);
  findings.push(...strangers.map((what) => ({ what, wrong: 'no checksum is said of it' })));
  findings.push(...(await verifyProvenance(dir, names, (name) => digestOf(name, 'sha256'))));
  for (const name of names.filter((each) => /\.(spdx|cdx)\.json$/.test(each)))
    findings.push({ what: `${name} (form)`, wrong: billProblem(textOf(dir, name)) });
  for (const name of names.filter((each) => /\.(tar|tar\.gz|tar\.zst|tgz)$/.test(each)))
    findings.push({ what: `${name} (members)`, wrong: await archiveProblem(join(dir, name), signal) });
  return findings;
}

/** Who signed is only known to who has his key. */
async function verifySignature(
  { dir, statement, signature }: SignedPlace,
  key: string | undefined,
): Promise<Finding[]> {
  const bundle = textOf(dir, signature);
  if (key === undefined)
    return bundle === undefined
      ? []
      : [{ what: `${signature} (there; by whom only a public key tells)`, wrong: undefined }];
  const signed = Buffer.from(textOf(dir, statement) ?? '');
  const wrong = bundle === undefined ? 'nobody signed it' : await signatureProblem(bundle, signed, key);
  return [{ what: `${signature} (signature)`, wrong }];
}

function publicKey(path: string, given: string): string {
  if (!existsSync(path))
    throw new FailureError({ code: 'FILE_MISSING', path, why: 'it was to be the public key of who signed' });
  try {
    return createPublicKey(readFileSync(path)).export({ type: 'spki', format: 'pem' }) as string;
  } catch {
    throw new FailureError({
      code: 'BAD_VALUE',
      variable: 'release verify',
      value: given,
      expected: 'a public key in PEM',
    });
  }
}

/** Plain files; a directory or link has no place in a set. */
function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    throw new FailureError({ code: 'FILE_MISSING', path: dir, why: 'it is no directory that can be read' });
  }
}

async function digest(path: string, algorithm: string): Promise<string> {
  if (!lstatSync(path).isFile()) return 'no plain file';
  const hash = createHash(algorithm);
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** Undefined when it is not there, no plain file, or absurdly large. */
function textOf(dir: string, name: string): string | undefined {
  const stat = lstatSync(join(dir, name), { throwIfNoEntry: false });
  return stat?.isFile() && stat.size <= LARGEST_TEXT ? readFileSync(join(dir, name), 'utf8') : undefined;
}

/** Every artifact must be one of its subjects, and every subject an artifact. */
async function verifyProvenance(
  dir: string,
  names: readonly string[],
  digestOf: (name: string) => Promise<string>,
): Promise<Finding[]> {
  const statement = parseStatement(textOf(dir, PROVENANCE));
  if (typeof statement === 'string') return [{ what: PROVENANCE, wrong: statement }];
  if (statement.predicateType !== 'https://slsa.dev/provenance/v1')
    return [{ what: PROVENANCE, wrong: 'it is no provenance of SLSA 1.0' }];
  const findings: Finding[] = [];
  const said = new Set<string>();
  for (const { name, sha256 } of statement.subjects) {
    said.add(name);
    const wrong = !names.includes(name)
      ? 'it is missing'
      : (await digestOf(name)) === sha256
        ? undefined
        : 'it has other bytes';
    findings.push({ what: `${name} (provenance)`, wrong });
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
function billProblem(text: string | undefined): string | undefined {
  const parsed = text === undefined ? 'it is missing, or too large' : parseStrictJson(text);
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
