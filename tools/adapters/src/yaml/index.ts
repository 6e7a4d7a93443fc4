import { type Document, LineCounter, isMap, isScalar, isSeq, parseAllDocuments, parseDocument } from 'yaml';

/** The reason why a text of one or several documents cannot be read; undefined if it can. */
export function yamlError(text: string): { readonly line: number; readonly what: string } | undefined {
  const [error] = parseAllDocuments(text, { logLevel: 'silent' }).flatMap(({ errors }) => errors);
  return error && { line: error.linePos?.[0].line ?? 1, what: error.message.split('\n')[0]! };
}

export interface ReadYaml {
  readonly value: unknown;
  /** The line of each field, by its path: `builds.0.main`. Repeated content of an anchor has the line of the alias. */
  readonly lines: ReadonlyMap<string, number>;
}

/** Reads one document. Throws an Error whose first line is the reason. */
export function readYaml(text: string): ReadYaml {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, merge: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const lines = new Map<string, number>();
  note(document.contents, [], (path, offset) => lines.set(path.join('.'), counter.linePos(offset).line));
  return { value: document.toJS() as unknown, lines };
}

function note(
  node: Document['contents'],
  path: readonly string[],
  found: (path: readonly string[], offset: number) => void,
): void {
  const inner = isMap(node)
    ? node.items.flatMap(({ key, value }) =>
        isScalar(key) && typeof key.value !== 'symbol' ? [{ name: String(key.value), at: key.range, value }] : [],
      )
    : isSeq(node)
      ? node.items.map((value, at) => ({ name: String(at), at: (value as Document['contents'])?.range, value }))
      : [];
  for (const { name, at, value } of inner) {
    if (at) found([...path, name], at[0]);
    note(value as Document['contents'], [...path, name], found);
  }
}
