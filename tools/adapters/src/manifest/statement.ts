import { limits } from '@slipway/model';
import { isRecord, parseStrictJson } from './json.ts';
import { isPlainName } from './sums.ts';

export interface Subject {
  readonly name: string;
  readonly sha256: string;
}

/** An in-toto statement about files of one directory: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export interface Statement {
  readonly subjects: readonly Subject[];
  /** Images, by their names in registries or by their archives' paths. They are not files of the directory. */
  readonly images: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

/** A relative path of safe parts, with at least one slash. */
const IMAGE = /^[a-z0-9][\w.:-]*(?:\/[a-z0-9][\w.-]*)+$/i;

/** A text is the error. */
export function parseStatement(text: string | Uint8Array): Statement | string {
  const parsed = parseStrictJson(text, limits.statement);
  if (typeof parsed === 'string') return parsed;
  const { value } = parsed;
  if (!isRecord(value) || value['_type'] !== 'https://in-toto.io/Statement/v1') return 'it is not an in-toto statement';
  const { subject, predicateType, predicate = {} } = value;
  if (typeof predicateType !== 'string' || !isRecord(predicate)) return 'it does not name its kind';
  if (!Array.isArray(subject) || subject.length === 0) return 'it has no subject';
  if (subject.length > limits.set.files) return `it has more than ${limits.set.files} subjects`;
  const subjects: Subject[] = [];
  const images: Subject[] = [];
  const names = new Set<string>();
  for (const each of subject as unknown[]) {
    const { name, digest } = isRecord(each) ? each : {};
    const sha256 = isRecord(digest) ? digest['sha256'] : undefined;
    const isImage = typeof name === 'string' && IMAGE.test(name) && name.length <= 255;
    if (
      typeof name !== 'string' ||
      !(isImage || isPlainName(name)) ||
      typeof sha256 !== 'string' ||
      !/^[0-9a-f]{64}$/.test(sha256)
    )
      return 'a subject of it has no name or digest';
    if (names.has(name)) return `it says ${name} twice`;
    names.add(name);
    (isImage ? images : subjects).push({ name, sha256 });
  }
  return { subjects, images, predicateType, predicate };
}
