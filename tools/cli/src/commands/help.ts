import { type Flag, flags, nearest, targetGroups } from '@slipway/catalog';
import { type ReferenceEntry, reference } from '@slipway/catalog/reference';
import { type Command, FailureError, type Tree } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/**
 * Prints the first screen, or help for a word: a target, variable, flag, field, command of the tree, or a topic. It
 * also works outside of a tree.
 */
export async function help({ args, tree }: Asking): Promise<Answer> {
  const known = await tree().catch((): undefined => undefined);
  if (args.length === 0) return answer(screen(known));
  return answer(args.flatMap((name, i) => [...(i === 0 ? [] : ['']), ...helpOf(name, known)]));
}

/** Columns of the screen. */
const WIDTH = 80;

/** At most 24 lines of 80 columns, for tables of any size. */
function screen(tree: Tree | undefined): string[] {
  const groups = Object.entries(targetGroups).flatMap(([group, rows]) =>
    wrap(
      rows.filter((row) => !('rare' in row)).map(({ name }) => name),
      WIDTH - 11,
    ).map((line, i) => `${(i === 0 ? group : '').padEnd(11)}${line}`),
  );
  return [
    'slipway [-C DIR] TARGET… [VAR=value…] [flags]   builds, tests, releases Go trees',
    ...groups,
    ...(tree === undefined ? [] : [oneLine('commands', commandNames(tree))]),
    '',
    ...briefFlags(),
    '',
    'slipway                             builds everything for this machine',
    'slipway kubectl DBG=1               builds a command of the tree, for a debugger',
    'slipway test WHAT=./pkg/... -k      tests what changed, goes on after a failure',
    '',
    'slipway help TARGET, VARIABLE, FLAG or FIELD; help targets, variables, flags,',
    '  config, commands, profiles or exit-codes; all of it is in docs/reference.md',
  ];
}

function briefFlags(): string[] {
  const shown = flags.flatMap((flag: Flag) => {
    const value = flag.value === undefined ? '' : ` ${flag.value}`;
    const name = flag.short === undefined ? `--${flag.name}${value}` : `-${flag.short}${value}`;
    return flag.brief === undefined ? [] : [`${name.padEnd(15)}${flag.brief}`];
  });
  const half = Math.ceil(shown.length / 2);
  return shown.slice(0, half).map((left, i) => `${left.padEnd(40)}${shown[half + i] ?? ''}`.trimEnd());
}

function helpOf(word: string, tree: Tree | undefined): string[] {
  if (word === 'commands') return wrap(commandNames(tree), WIDTH);
  const topic = reference().filter((section) => section.topic === word);
  if (topic.length > 0)
    return topic.flatMap(({ title, entries }) => [`${title}:`, '', ...entries.flatMap(formatted), '']).slice(0, -1);
  const entries = reference().flatMap(({ title, entries: all }) =>
    all.filter(({ names }) => names.includes(word)).map((each) => ({ ...each, title })),
  );
  const command = tree?.commands.find(({ name }) => name === word);
  if (entries.length === 0 && command === undefined) throw unknown(word, tree);
  const isOne = entries.length === 1;
  return [
    ...entries.flatMap((each) => formatted(isOne ? each : { ...each, term: `${each.term}   (${each.title})` })),
    ...(command === undefined ? [] : commandHelp(command)),
  ];
}

const formatted = ({ term, lines }: ReferenceEntry): string[] => [
  term,
  ...lines.flatMap((line) => wrap(line.split(' '), WIDTH + 20)).map((line) => `    ${line}`),
];

const commandHelp = ({ name, target }: Command): string[] => [
  name,
  `    Build ${target}, as all WHAT=${target} does.`,
  `    Example: slipway ${name}`,
];

function unknown(word: string, tree: Tree | undefined): FailureError {
  const known = reference().flatMap(({ topic, entries }) => [topic, ...entries.flatMap(({ names }) => names)]);
  return new FailureError({
    code: 'UNKNOWN_TARGET',
    word,
    nearest: nearest(word, [...known, 'commands', ...commandNames(tree)]),
  });
}

const commandNames = (tree: Tree | undefined): string[] =>
  [...new Set((tree?.commands ?? []).filter(({ kind }) => kind !== 'test').map(({ name }) => name))].sort();

/** As many words as fit on the line. */
function oneLine(title: string, words: readonly string[]): string {
  const [line = ''] = wrap(words, WIDTH - 11 - '… and 999 more'.length);
  const left = words.length - line.split(' ').length;
  return `${title.padEnd(11)}${line}${left > 0 ? ` and ${left} more` : ''}`;
}

function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
