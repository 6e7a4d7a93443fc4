import type { KeyParts } from './key.ts';

/** How much of a value is shown. */
const LONGEST = 90;
/** How many words of flags are. */
const MOST_WORDS = 4;

/** What changed between two keys, the most telling first: one sentence. `files` names the files of a package that changed. */
export function explainDifference(
  before: KeyParts,
  after: KeyParts,
  files: (importPath: string) => string | undefined,
): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  );
  const packages = names.filter((name) => name.startsWith('package ')).map((name) => name.slice('package '.length));
  const settings = names.filter((name) => !name.startsWith('package '));
  const said = [
    ...settings.map((name) => explainSetting(name, before[name], after[name])),
    ...explainPackages(packages, before, after, files),
  ];
  return said.join('; ');
}

function explainSetting(name: string, before: string | undefined, after: string | undefined): string {
  if (name === 'flags') return explainFlags(before ?? '', after ?? '');
  if (name.startsWith('file ') || name === 'C compiler') return `${name.replace(/^file /, '')} changed`;
  return `${name} was ${shorten(before ?? 'not set')}, is ${shorten(after ?? 'not set')}`;
}

/** Words, as one long -ldflags may differ in one stamp only. */
function explainFlags(before: string, after: string): string {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  const gone = old.filter((word) => !now.includes(word));
  const come = now.filter((word) => !old.includes(word));
  const said = [...gone.map((word) => `${shorten(word)} is gone`), ...come.map((word) => `${shorten(word)} is new`)];
  const shown = said.slice(0, MOST_WORDS).join(', ');
  return `flags: ${shown}${said.length > MOST_WORDS ? ` and ${said.length - MOST_WORDS} more` : ''}`;
}

const wordsOf = (flags: string): string[] => flags.split(/\s+/).filter((word) => word !== '' && word !== '-X');

function explainPackages(
  packages: readonly string[],
  before: KeyParts,
  after: KeyParts,
  files: (importPath: string) => string | undefined,
): string[] {
  const [first, ...more] = packages.toSorted((a, b) => Number(files(b) !== undefined) - Number(files(a) !== undefined));
  if (first === undefined) return [];
  const name = `package ${first}`;
  const what =
    before[name] === undefined
      ? `package ${first} is new`
      : after[name] === undefined
        ? `package ${first} is gone`
        : `${files(first) ?? `package ${first}`} changed`;
  return [more.length === 0 ? what : `${what}, and ${more.length} more ${more.length === 1 ? 'package' : 'packages'}`];
}

const shorten = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);
