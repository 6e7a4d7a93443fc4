import { type Flag, findTarget, findVariable, flags, targets, variables } from '@slipway/catalog';
import type { Tree } from '@slipway/model';

/**
 * The candidates for the end of a command line, in the form its shell needs: they replace the last word, or the part
 * after its `=`.
 */
export function candidatesFor(line: string, tree: Tree | undefined): string[] {
  const { words, last } = split(line);
  const assignment = /^(--?[\w-]+|\w+)=(.*)$/s.exec(last);
  if (assignment !== null) {
    const [, name = '', value = ''] = assignment;
    return name.startsWith('-') ? starting(flagValues(name), value) : valuesAfter(name, value, tree);
  }
  const before = words.at(-1) ?? '';
  if (before.startsWith('-') && flagValues(before).length > 0) return starting(flagValues(before), last);
  if (last.startsWith('-')) return starting(flagsOf(words), last);
  const verbs = subverbs(before);
  if (words.length > 0 && verbs.length > 0 && findTarget(before)?.kind === 'query') return starting(verbs, last);
  return starting([...verbs, ...goals(words, tree)], last);
}

const starting = (all: readonly string[], text: string): string[] =>
  [...new Set(all)].filter((one) => one.startsWith(text));

/** The words of a line, unquoted, without the program; separately the last one, before the cursor. */
function split(line: string): { words: string[]; last: string } {
  const words = [''];
  let quote = '';
  for (let i = 0; i < line.length; i += 1) {
    const letter = line[i]!;
    if (quote !== '') quote = letter === quote ? '' : (add(letter), quote);
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '\\') add(line[(i += 1)] ?? '');
    else if (letter === ' ') words.push('');
    else add(letter);
  }
  const last = words.pop()!;
  return { words: words.slice(1).filter((word) => word !== ''), last };

  function add(letter: string): void {
    words[words.length - 1] += letter;
  }
}

/** A variable may hold several words. Those before the last are kept. */
function valuesAfter(name: string, value: string, tree: Tree | undefined): string[] {
  const at = value.lastIndexOf(' ') + 1;
  const [kept, word] = [value.slice(0, at), value.slice(at)];
  return starting(valuesOf(name, tree), word).map((one) => `${kept}${one}`);
}

function valuesOf(name: string, tree: Tree | undefined): string[] {
  if (name === 'WHAT') return tree?.commands.flatMap((command) => [command.name, command.target]) ?? [];
  if (name === 'KUBE_BUILD_PLATFORMS') return Object.values(tree?.sets ?? {}).flatMap((set) => set.platforms);
  return alternatives(findVariable(name)?.expected?.words);
}

/** Splits `yes or no` and `a, b, c`; a sentence has no alternatives. */
const alternatives = (words = ''): string[] => {
  const list = words.split(/,? or |, /);
  return list.every((word) => /^[\w-]+$/.test(word)) ? list.filter((word) => word !== 'nothing') : [];
};

const flagValues = (word: string): string[] => {
  const flag = flags.find((row: Flag) => word === `--${row.name}` || word === `-${row.short}`) as Flag | undefined;
  return flag?.value === undefined ? [] : alternatives(flag.expected?.words);
};

/** Flags of the typed targets, and flags of all targets. */
const flagsOf = (words: readonly string[]): string[] =>
  flags
    .filter(({ only }: Flag) => only === undefined || [only].flat().some((target) => words.includes(target)))
    .map(({ name }) => `--${name}`);

/** `release verify`, `cache prune`. */
function subverbs(word: string): string[] {
  const joined = targets.flatMap(({ name, kind }) =>
    kind === 'query' && word !== '' && name.startsWith(`${word}-`) ? [name.slice(word.length + 1)] : [],
  );
  const given = (findTarget(word) as { arguments?: string } | undefined)?.arguments ?? '';
  const own =
    given.startsWith('--') || given.includes('DIR') ? [] : (given.match(/(?<![\w-])[a-z]{3,}(?![\w-])/g) ?? []);
  return [...joined, ...own];
}

function goals(words: readonly string[], tree: Tree | undefined): string[] {
  const asked = words.flatMap((word) => findTarget(word)?.variables ?? []);
  const taken = variables.filter(({ name }) => !name.includes('<') && (asked.length === 0 || asked.includes(name)));
  const commands = tree?.commands.filter((command) => command.kind !== 'test').map((command) => command.name) ?? [];
  return [...targets.map(({ name }) => name), ...commands, ...taken.map(({ name }) => `${name}=`)];
}
