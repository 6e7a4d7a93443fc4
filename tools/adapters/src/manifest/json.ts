/** As deep as nothing is that is written by people or by us. */
const DEEPEST = 100;

/** JSON that every reader reads alike: a key that stands twice in an object means another thing to each. A text says what is wrong. */
export function parseStrictJson(text: string): { readonly value: unknown } | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  const wrong = structureProblem(text);
  return wrong ?? { value };
}

/** Of a text that is JSON: a string before a colon is a key there. */
function structureProblem(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*(:?)|[{}[\]]/g)) {
    if (string === undefined) {
      if (token === '{' || token === '[') open.push(new Set());
      else open.pop();
      if (open.length > DEEPEST) return `it is nested more than ${DEEPEST} times`;
    } else if (colon === ':') {
      const key = JSON.parse(string) as string;
      if (open.at(-1)!.has(key)) return `it says ${JSON.stringify(key.slice(0, 40))} twice in one place`;
      open.at(-1)!.add(key);
    }
  }
  return undefined;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
