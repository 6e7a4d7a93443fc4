import { counted, unreachable } from '@slipway/model';
import type { Comparison, Difference, FileComparison, FirstDifference } from './comparison.ts';

/** The names of the two sides: directories, or `slipway` and `make`. */
export interface SideNames {
  readonly a: string;
  readonly b: string;
}

/** For longer values only the different words are shown. */
const LONGEST_VALUE = 60;
const MOST_WORDS = 20;

/** The differences by file, build setting and section, then a summary. Identical files are only counted. */
export function formatComparison(comparison: Comparison, names: SideNames = { a: 'A', b: 'B' }): string[] {
  const lines = [...(comparison.a === names.a ? [] : [`${names.a}  ${comparison.a}`, `${names.b}  ${comparison.b}`])];
  for (const file of comparison.files) lines.push(...formatFile(file, names));
  return [...lines, formatSummary(comparison, names)];
}

function formatSummary(comparison: Comparison, names: SideNames): string {
  const { files, identical, different, onlyInA, onlyInB } = comparison;
  if (files.length === 0) return 'there is no file in either';
  const bytes = files.reduce((sum, file) => sum + (file.is === 'identical' ? file.size : 0), 0);
  if (identical === files.length) return `all ${files.length} files are identical (${formatSize(bytes)})`;
  const parts = [`${identical} of ${files.length} files identical`];
  if (different > 0) parts.push(`${different} different`);
  if (onlyInA > 0) parts.push(`${onlyInA} only in ${names.a}`);
  if (onlyInB > 0) parts.push(`${onlyInB} only in ${names.b}`);
  return parts.join(', ');
}

export function formatFile(file: FileComparison, names: SideNames): string[] {
  switch (file.is) {
    case 'identical':
      return [];
    case 'only-in-a':
      return [`${file.path}: only in ${names.a} (${formatSize(file.size)})`];
    case 'only-in-b':
      return [`${file.path}: only in ${names.b} (${formatSize(file.size)})`];
    case 'different':
      return [
        `${file.path}: different`,
        ...file.differences.flatMap((difference) => formatDifference(difference, names)).map((line) => `  ${line}`),
        ...(file.members ?? []).flatMap((member) => formatFile(member, names)).map((line) => `  ${line}`),
      ];
    default:
      return unreachable(file);
  }
}

function formatDifference(difference: Difference, names: SideNames): string[] {
  switch (difference.kind) {
    case 'type':
      return sides('type', difference, names);
    case 'link':
      return sides('link to', difference, names);
    case 'mode':
      return sides('mode', difference, names);
    case 'platform':
      return sides('platform', difference, names);
    case 'go-version':
      return sides('Go version', difference, names);
    case 'main-package':
      return sides('main package', difference, names);
    case 'module':
      return sides(`module ${difference.name}`, difference, names);
    case 'setting':
      return formatSetting(difference, names);
    case 'build-id':
      return [`Go build id: ${difference.says}`];
    case 'section':
      return formatSection(difference, names);
    case 'size':
      return sides('size', { a: formatBytes(difference.a), b: formatBytes(difference.b) }, names);
    case 'bytes':
      return [`bytes differ at offset ${difference.offset}`];
    case 'compression':
      return sides('the same archive, compressed otherwise', difference, names);
    case 'headers':
      return sides(
        `${difference.field} of ${counted(difference.count, 'member')} (${difference.path})`,
        difference,
        names,
      );
    case 'order':
      return sides('members in another order, first', difference, names);
    case 'text':
      return sides(`line ${difference.line}`, difference, names);
    case 'damage':
      return [`in ${names[difference.side]} ${difference.fact}`];
    default:
      return unreachable(difference);
  }
}

/** On one line if it fits, else each side on its own line. */
function sides(
  what: string,
  { a, b }: { readonly a: string | undefined; readonly b: string | undefined },
  names: SideNames,
): string[] {
  const [textA, textB] = [a ?? '(absent)', b ?? '(absent)'].map((text) => text || '(empty)') as [string, string];
  if (textA.length + textB.length <= LONGEST_VALUE) return [`${what}: ${names.a} ${textA}, ${names.b} ${textB}`];
  return [`${what}:`, `  ${names.a}  ${textA}`, `  ${names.b}  ${textB}`];
}

function formatSetting(difference: Difference & { kind: 'setting' }, names: SideNames): string[] {
  const { a, b } = difference;
  const what = `build setting ${difference.name}`;
  if (a === undefined || b === undefined || a.length + b.length <= LONGEST_VALUE) return sides(what, difference, names);
  const [onlyA, onlyB] = [wordsOnlyIn(a, b), wordsOnlyIn(b, a)];
  if (onlyA.length + onlyB.length === 0) return sides(`${what}, in another order`, difference, names);
  const list = (words: readonly string[]): string[] =>
    words.length > MOST_WORDS ? [...words.slice(0, MOST_WORDS), `and ${words.length - MOST_WORDS} more`] : [...words];
  return [
    `${what}:`,
    ...list(onlyA).map((word) => `  only ${names.a}  ${word}`),
    ...list(onlyB).map((word) => `  only ${names.b}  ${word}`),
  ];
}

function wordsOnlyIn(text: string, other: string): string[] {
  const rest = splitFlags(other);
  return splitFlags(text).filter((word) => {
    const at = rest.indexOf(word);
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
}

/** Splits words by Go's rule (quotes group); `-X name=value` is one word. */
function splitFlags(text: string): string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.flatMap((word, index) => {
    if (words[index - 1]?.endsWith('-X')) return [];
    const value = words[index + 1];
    return word.endsWith('-X') && value !== undefined ? [`${word} ${value}`] : [word];
  });
}

function formatSection(difference: Difference & { kind: 'section' }, names: SideNames): string[] {
  const { name, a, b, first } = difference;
  if (a === undefined || b === undefined)
    return [`section ${name}: only in ${a === undefined ? names.b : names.a} (${formatBytes(a ?? b ?? 0)})`];
  if (a !== b)
    return [`section ${name}: ${names.a} ${formatBytes(a)}, ${names.b} ${formatBytes(b)}`, ...formatText(first, names)];
  const from = first === undefined ? '' : `, from byte ${first.offset}`;
  return [`section ${name}: same size, other contents${from} (${formatBytes(a)})`, ...formatText(first, names)];
}

const formatText = (first: FirstDifference | undefined, names: SideNames): string[] =>
  first?.text === undefined ? [] : [`  ${names.a}  …${first.text.a}…`, `  ${names.b}  …${first.text.b}…`];

const formatBytes = (size: number): string => `${size.toLocaleString('en-US')} bytes`;

/** Decimal units, as for disks and downloads. */
function formatSize(size: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, size < 1000 ? 0 : Math.floor(Math.log10(size) / 3));
  return `${step === 0 ? size : (size / 1000 ** step).toFixed(1)} ${units[step]}`;
}
