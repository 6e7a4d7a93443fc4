import { limits } from '@slipway/model';
import { isRecord, parseStrictJson } from './json.ts';
import { isPlainName } from './sums.ts';

/** An in-toto statement about files of one directory: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export interface Statement {
  readonly subjects: readonly { readonly name: string; readonly sha256: string }[];
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

/** A text says what is wrong. */
export function parseStatement(text: string | Uint8Array): Statement | string {
  const parsed = parseStrictJson(text, limits.statement);
  if (typeof parsed === 'string') return parsed;
  const { value } = parsed;
  if (!isRecord(value) || value['_type'] !== 'https://in-toto.io/Statement/v1') return 'it is no in-toto statement';
  const { subject, predicateType, predicate = {} } = value;
  if (typeof predicateType !== 'string' || !isRecord(predicate)) return 'it does not say of which kind it is';
  if (!Array.isArray(subject) || subject.length === 0) return 'it is about nothing';
  if (subject.length > limits.set.files) return `it is about more than ${limits.set.files} files`;
  const subjects: Statement['subjects'][number][] = [];
  const names = new Set<string>();
  for (const each of subject as unknown[]) {
    const { name, digest } = isRecord(each) ? each : {};
    const sha256 = isRecord(digest) ? digest['sha256'] : undefined;
    if (typeof name !== 'string' || !isPlainName(name) || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
      return 'a subject of it has no name or digest';
    if (names.has(name)) return `it says ${name} twice`;
    names.add(name);
    subjects.push({ name, sha256 });
  }
  return { subjects, predicateType, predicate };
}
