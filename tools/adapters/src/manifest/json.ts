import { limits } from '@slipway/model';

/** The limits by kind; `limits` has a row for each. */
export interface JsonLimits {
  readonly values: number;
}

/**
 * JSON that all readers understand in the same way, within its kind's memory limit. Duplicate keys in an object are
 * refused, because readers differ on them. A text is the error.
 */
export function parseStrictJson(
  text: string | Uint8Array,
  { values }: JsonLimits,
): { readonly value: unknown } | string {
  const decoded = typeof text === 'string' ? text : textOf(text);
  if (decoded === undefined) return 'it is not UTF-8';
  const wrong = structureProblem(decoded, values);
  if (wrong !== undefined) return wrong;
  try {
    return { value: JSON.parse(decoded) as unknown };
  } catch {
    return NO_JSON;
  }
}

const NO_JSON = 'it is not JSON';

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACE = 0x20;

/** Checks depth, values and keys before parsing. The parser reports other errors. */
function structureProblem(text: string, values: number): string | undefined {
  const { depth } = limits.json;
  const open: (Set<string> | undefined)[] = [];
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at);
      if (end === -1) return NO_JSON;
      if (isBeforeColon(text, end + 1)) {
        const key = keyOf(text.slice(at, end + 1));
        if (key === undefined || open.length === 0) return NO_JSON;
        const keys = (open[open.length - 1] ??= new Set());
        if (keys.has(key)) return `it says ${JSON.stringify(key.slice(0, 40))} twice in one place`;
        keys.add(key);
      }
      at = end;
    } else if (char === OPEN_LIST || char === OPEN_OBJECT) {
      if (open.push(undefined) > depth) return `it is nested more than ${depth} times`;
      count += 1;
    } else if (char === CLOSE_LIST || char === CLOSE_OBJECT) open.pop();
    else if (char === COMMA) count += 1;
    if (count > values) return `it has more than ${values} values`;
  }
  return undefined;
}

/** The position of the closing quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

function isBeforeColon(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= SPACE) at += 1;
  return text.charCodeAt(at) === COLON;
}

function keyOf(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
