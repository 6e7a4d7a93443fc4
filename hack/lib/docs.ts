import { posix } from 'node:path';
import { Problems, type Check, type Problem } from './check.ts';
import type { Tree } from './tree.ts';

/** The tests that documents name exist, the paths in a "… look in …" table exist, and relative links of documents lead to a file and a heading. */
export const docs: Check = (tree) => {
  const documents = tree.list().filter((path) => path.endsWith('.md') && !path.includes('/fixtures/'));
  Problems.throwIfAny(
    documents.flatMap((path) => [
      ...tableProblems(tree, path),
      ...testProblems(tree, path),
      ...linkProblems(tree, path),
    ]),
  );
};

function tableProblems(tree: Tree, path: string): Problem[] {
  const problems: Problem[] = [];
  let inTable = false;
  for (const [index, line] of tree.read(path).split('\n').entries()) {
    if (!line.startsWith('|')) inTable = false;
    else if (/\blook in\b/i.test(line)) inTable = true;
    else if (inTable) {
      const named = [...(cellsOf(line).at(-1) ?? '').matchAll(/(?<!\[)`([^`]+)`/g)]
        .map((match) => match[1] ?? '')
        .filter(looksLikePath);
      for (const name of named) {
        if (!resolves(tree, path, name)) problems.push({ path, line: index + 1, what: `\`${name}\` does not exist` });
      }
    }
  }
  return problems;
}

/** A table of tests has, in the last cell of each row, a file and the titles of tests in it. */
function testProblems(tree: Tree, path: string): Problem[] {
  const problems: Problem[] = [];
  let inTable = false;
  for (const [index, line] of tree.read(path).split('\n').entries()) {
    if (!line.startsWith('|')) inTable = false;
    else if (/\btest that shows it\b/.test(line)) inTable = true;
    else if (inTable && !/^[|\s-]+$/.test(line))
      problems.push(
        ...shownProblems(tree, cellsOf(line).at(-1) ?? '').map((what) => ({ path, line: index + 1, what })),
      );
  }
  return problems;
}

function shownProblems(tree: Tree, cell: string): string[] {
  const [, file = '', titles = ''] = /^\s*`([^`]+)`(.*)$/.exec(cell) ?? [];
  if (!tree.exists(file)) return [`\`${file}\` does not exist`];
  const text = tree.read(file).replaceAll('\\', '');
  const named = [...titles.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
  if (named.length === 0) return [`no test of \`${file}\` is named`];
  return named.filter((title) => !text.includes(title)).map((title) => `\`${file}\` has no test "${title}"`);
}

const cellsOf = (row: string): string[] => row.split(/(?<!\\)\|/).slice(1, -1);

const looksLikePath = (text: string): boolean =>
  /^[\w@<>{}.,*/-]+$/.test(text) && (text.includes('/') || /\.\w+$/.test(text));

/** Relative to the document or to the root; `<name>` and `*` stand for one name, `{a,b}` for each. */
function resolves(tree: Tree, document: string, name: string): boolean {
  return alternatives(name).every((one) =>
    [posix.join(posix.dirname(document), one), posix.normalize(one)].some((path) => {
      const pattern = new RegExp(`^${escape(path.replace(/\/$/, '')).replaceAll(/<[^>]*>|\\\*/g, '[^/]+')}(?:/|$)`);
      return tree.list().some((file) => pattern.test(file));
    }),
  );
}

function alternatives(name: string): string[] {
  const [all, choices = ''] = /\{([^}]*)\}/.exec(name) ?? [];
  if (all === undefined) return [name];
  return choices.split(',').flatMap((choice) => alternatives(name.replace(all, choice.trim())));
}

const escape = (text: string): string => text.replaceAll(/[.+?^$()[\]{}|\\*]/g, '\\$&');

function linkProblems(tree: Tree, path: string): Problem[] {
  const text = withoutCode(tree.read(path));
  return [...text.matchAll(/\]\((?!\w+:)([^)\s]*)(?:\s+"[^"]*")?\)/g)].flatMap((match) => {
    const [file = '', anchor] = (match[1] ?? '').split('#');
    const target =
      file === ''
        ? path
        : posix
            .normalize(file.startsWith('/') ? file.slice(1) : posix.join(posix.dirname(path), file))
            .replace(/\/$/, '');
    const line = text.slice(0, match.index).split('\n').length;
    const isFile = tree.exists(target);
    if (!isFile && target !== '.' && !tree.list().some((known) => known.startsWith(`${target}/`)))
      return [{ path, line, what: `the link to ${match[1]} leads nowhere` }];
    if (anchor !== undefined && isFile && target.endsWith('.md') && !headingsOf(tree.read(target)).includes(anchor)) {
      return [{ path, line, what: `${target} has no heading #${anchor}` }];
    }
    return [];
  });
}

const withoutCode = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```|`[^`\n]*`/gm, (code) => code.replaceAll(/[^\n]/g, ' '));

const headingsOf = (text: string): string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+\s+(.*)$/gm)].map((match) => slugOf(match[1] ?? ''));

/** The name of a heading as GitHub has it: lower case, spaces as dashes, other punctuation left out. */
export function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}
