/** One `from '…'`, `import '…'` or `import('…')` of a TypeScript file. */
export interface ImportStatement {
  readonly specifier: string;
  /** Names imported as values: those in braces without `type`, or everything otherwise. */
  readonly values: readonly string[];
  readonly line: number;
}

/**
 * Imports and re-exports at the beginnings of lines, where our formatter puts them, and dynamic imports of a literal
 * anywhere in the code. TypeScript 7 has no JavaScript API to ask instead.
 */
export function importsOf(text: string): readonly ImportStatement[] {
  const code = withoutComments(text);
  const found: ImportStatement[] = [];
  const add = (pattern: RegExp): void => {
    for (const match of code.matchAll(pattern)) {
      found.push({
        specifier: match.groups?.['specifier'] ?? '',
        values: match.groups?.['type'] === undefined ? valuesOf(match.groups?.['clause']) : [],
        line: lineOf(code, match.index),
      });
    }
  };
  add(/^(?:import|export)\s+(?<type>type\s)?(?<clause>[^'"`;=()]*?)\bfrom\s+'(?<specifier>[^']+)'/gm);
  add(/^import\s+'(?<specifier>[^']+)'/gm);
  add(/(?<!['"`])\bimport\('(?<specifier>[^']+)'\)/g);
  return found.sort((a, b) => a.line - b.line);
}

function valuesOf(clause = '*'): string[] {
  const [, outside = '', inside] = /^([^{]*)(?:\{([^}]*)\})?/.exec(clause) ?? [];
  return [...outside.split(','), ...(inside ?? '').split(',')]
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.replace(/\s+as\s.*/, ''));
}

/** Lines on which the pattern occurs in code: not in a comment, not in a string. */
export function linesWith(text: string, pattern: RegExp): readonly number[] {
  const code = withoutStrings(withoutComments(text));
  return [...code.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map((match) => lineOf(code, match.index));
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Strings and regular expressions are recognised first, so that `//` in them starts no comment. */
const tokens =
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|(?<template>`(?:\\[\s\S]|[^`\\])*`)|(?<=[=(,:;!&|?{}[\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

const withoutComments = (text: string): string =>
  text.replace(tokens, (token, comment?: string) => (comment === undefined ? token : blank(token)));

/** The code in a template's `${…}` stays. */
const withoutStrings = (text: string): string =>
  text.replace(tokens, (token, _comment, string?: string, template?: string) => {
    if (string !== undefined) return blank(token);
    if (template === undefined) return token;
    return token.replace(/(\$\{[^}]*\})|[^\n]/g, (char, code?: string) => code ?? (char === '\n' ? char : ' '));
  });
