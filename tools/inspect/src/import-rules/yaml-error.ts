import { parseAllDocuments } from 'yaml';

/** Why a text with one or several documents is invalid; undefined for a valid one. */
export function yamlError(text: string): { readonly line: number; readonly what: string } | undefined {
  const [error] = parseAllDocuments(text, { logLevel: 'silent' }).flatMap(({ errors }) => errors);
  return error && { line: error.linePos?.[0].line ?? 1, what: error.message.split('\n')[0]! };
}
