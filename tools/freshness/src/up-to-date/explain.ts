import type { KeyParts } from './key.ts';

/** Maximum characters of a value. */
const LONGEST = 90;
/** Maximum words of flags. */
const MOST_WORDS = 4;

/** Parts for an observed file. */
export const OBSERVED = 'observed ';

/** Parts for the files of a place, with its name for a sentence. */
const PLACES = /^(package|files) /;

/**
 * The most important difference between two keys, in one sentence. `files` names a changed file in a package or
 * directory.
 */
export function explainDifference(
  before: KeyParts,
  after: KeyParts,
  files: (place: string) => string | undefined,
): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  );
  const places = names.filter((name) => PLACES.test(name));
  const settings = names.filter((name) => !PLACES.test(name));
  const said = [
    ...settings.map((name) => explainSetting(name, before[name], after[name])),
    ...explainPlaces(places, before, after, files),
  ];
  return said.join('; ');
}

function explainSetting(name: string, before: string | undefined, after: string | undefined): string {
  if (name === 'flags') return explainFlags(before ?? '', after ?? '');
  if (name.startsWith(OBSERVED)) return explainObserved(name.slice(OBSERVED.length), before, after);
  if (name.startsWith('file ') || /^C(\+\+)? compiler$/.test(name)) return `${name.replace(/^file /, '')} changed`;
  return `${name} was ${shorten(before ?? 'not set')}, is ${shorten(after ?? 'not set')}`;
}

function explainObserved(name: string, before: string | undefined, after: string | undefined): string {
  const what = name
    .replace(/^file /, '')
    .replace(/^names /, 'what is in ')
    .replace(/^variable \*$/, 'a variable');
  return `${what} ${before === undefined ? 'is read now' : after === undefined ? 'is not read any more' : 'changed'}`;
}

/** Compares words, because one long -ldflags may differ in one stamp only. */
function explainFlags(before: string, after: string): string {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  const gone = old.filter((word) => !now.includes(word));
  const come = now.filter((word) => !old.includes(word));
  const said = [...gone.map((word) => `${shorten(word)} is gone`), ...come.map((word) => `${shorten(word)} is new`)];
  const shown = said.slice(0, MOST_WORDS).join(', ');
  return `flags: ${shown}${said.length > MOST_WORDS ? ` and ${said.length - MOST_WORDS} more` : ''}`;
}

const wordsOf = (flags: string): string[] => flags.split(/\s+/).filter((word) => word !== '' && word !== '-X');

function explainPlaces(
  places: readonly string[],
  before: KeyParts,
  after: KeyParts,
  files: (place: string) => string | undefined,
): string[] {
  const fileOf = (name: string): string | undefined => files(name.replace(PLACES, ''));
  const [first, ...more] = places.toSorted((a, b) => Number(fileOf(b) !== undefined) - Number(fileOf(a) !== undefined));
  if (first === undefined) return [];
  const name = first.startsWith('files ') ? first.replace('files ', 'directory ') : first;
  const what =
    before[first] === undefined
      ? `${name} is new`
      : after[first] === undefined
        ? `${name} is gone`
        : `${fileOf(first) ?? name} changed`;
  const [one, many] = first.startsWith('files ') ? ['directory', 'directories'] : ['package', 'packages'];
  return [more.length === 0 ? what : `${what}, and ${more.length} more ${more.length === 1 ? one : many}`];
}

const shorten = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);
