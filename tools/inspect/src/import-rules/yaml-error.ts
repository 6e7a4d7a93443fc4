import { parseAllDocuments } from 'yaml';

/** Why a text of one or several documents cannot be read; undefined for one that can. */
export function yamlError(text: string): { readonly line: number; readonly what: string } | undefined {
  const [error] = parseAllDocuments(text, { logLevel: 'silent' }).flatMap(({ errors }) => errors);
  return error && { line: error.linePos?.[0].line ?? 1, what: error.message.split('\n')[0]! };
}
