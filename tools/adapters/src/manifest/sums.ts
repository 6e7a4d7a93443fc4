import { limits } from '@slipway/model';

/** A line of SHA256SUMS or SHA512SUMS. */
export interface Sum {
  readonly digest: string;
  readonly name: string;
}

/** Lines `DIGEST  NAME`; a name that leads elsewhere is no name of the set. A text says what is wrong. */
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

/** Of a file beside the manifest: no path, nothing a terminal or another system understands otherwise. */
export const isPlainName = (name: string): boolean =>
  name.length <= 255 &&
  name.trim() === name &&
  !/[/\\\p{Cc}\p{Bidi_Control}]/u.test(name) &&
  !/^(?:\.\.?)?$/.test(name);
