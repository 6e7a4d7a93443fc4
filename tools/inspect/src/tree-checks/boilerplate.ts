import { basename } from 'node:path';
import type { CheckOfTree, TreeProblem } from './port.ts';

const TEMPLATE = /^hack\/boilerplate\/boilerplate\.(\w+)\.txt$/;
/** Years stand in files, and the word in templates. */
const YEARS = /\b20\d\d\b/g;

/** As Kubernetes' boilerplate.py has it: what stands before by rule is passed over, and any year will do. */
export const boilerplate: CheckOfTree = async (tree) => {
  const headers = new Map(
    tree.files(/^boilerplate\.\w+\.txt$/).flatMap((path): [string, string[]][] => {
      const kind = TEMPLATE.exec(path)?.[1];
      return kind === undefined ? [] : [[kind.toLowerCase(), linesOf(tree.read(path) ?? '')]];
    }),
  );
  const problems: TreeProblem[] = [];
  for (const path of tree.files(/./)) {
    const kind = kindOf(basename(path));
    const header = headers.get(kind);
    // Without a year it is what generators write: what people write has one.
    if (header?.some((line) => line.includes('YEAR')) !== true || path.startsWith('hack/boilerplate/')) continue;
    const text = tree.read(path) ?? '';
    const wanted = isGenerated(text) ? (headers.get('generatego') ?? header) : header;
    const lines = linesOf(text.replace(before[kind] ?? /^(?!)/, '')).slice(0, wanted.length);
    const plain = (line: string): string => line.replaceAll(YEARS, 'YEAR').trimEnd();
    if (text.trim() !== '' && lines.map(plain).join('\n') !== wanted.map(plain).join('\n'))
      problems.push({ path, line: 1, what: `it does not begin with hack/boilerplate/boilerplate.${kind}.txt` });
  }
  return problems;
};

const linesOf = (text: string): string[] => text.replace(/\n+$/, '').split('\n');

const kindOf = (name: string): string => {
  const known = /^(?:Makefile|Dockerfile)/.exec(name)?.[0];
  return (known ?? name.split('.').at(-1)!).toLowerCase();
};

/** Lines that may or must come first. */
const before: Readonly<Record<string, RegExp>> = {
  go: /^(?:\/\/ *(?:\+build|go:build) .*\n)+\n+/,
  sh: /^#!.*\n\s*/,
  py: /^#!.*\n\s*/,
};

const isGenerated = (text: string): boolean => /^\/\/ Code generated .* DO NOT EDIT\.$/m.test(text);
