import { limits } from '@slipway/model';

/** A line of SHA256SUMS or SHA512SUMS. */
export interface Sum {
  readonly digest: string;
  readonly name: string;
}

/** Lines `DIGEST  NAME`. A name that leads outside the set is refused. A text is the error. */
export function parseSums(text: string, algorithm: 'sha256' | 'sha512'): Sum[] | string {
  const rows: Sum[] = [];
  const names = new Set<string>();
  const form = algorithm === 'sha256' ? /^([0-9a-f]{64}) [ *](.+)$/ : /^([0-9a-f]{128}) [ *](.+)$/;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, digest, name] = form.exec(line) ?? [];
    if (digest === undefined || name === undefined) return `${JSON.stringify(line.slice(0, 80))} is not a valid line`;
    if (!isPlainName(name)) return `${JSON.stringify(name)} is not the name of a file beside it`;
    if (names.has(name)) return `${name} is listed twice`;
    if (rows.length === limits.set.files) return `it names more than ${limits.set.files} files`;
    names.add(name);
    rows.push({ digest, name });
  }
  return rows.length === 0 ? 'it is empty' : rows;
}

/** The name of a file beside the manifest: not a path, without special characters for terminals and other systems. */
export const isPlainName = (name: string): boolean =>
  name.length <= 255 &&
  name.trim() === name &&
  !/[/\\\p{Cc}\p{Bidi_Control}]/u.test(name) &&
  !/^(?:\.\.?)?$/.test(name);
