import type { Commit } from './commits.ts';

/** Commits that change the same components. */
export interface Section {
  /** Names of commands; empty for commits that change none. */
  readonly components: readonly string[];
  readonly commits: readonly Commit[];
}

/** For longer lists only the number of components is printed. */
const MOST_NAMED = 4;

/** Sections with one component come first, for its owners; the section without components comes last. */
export function bySection(
  commits: readonly Commit[],
  componentsOf: (files: readonly string[]) => readonly string[],
): Section[] {
  const sections = Map.groupBy(commits, ({ files }) => [...new Set(componentsOf(files))].sort().join(' '));
  return [...sections]
    .map(([key, list]): Section => ({ components: key.split(' ').filter(Boolean), commits: list }))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.components.join() < b.components.join() ? -1 : 1));
}

const rankOf = ({ components }: Section): number => (components.length === 0 ? Infinity : components.length);

/** Markdown. `all` is the total number of components. */
export const formatSections = (sections: readonly Section[], all: number): string[] =>
  sections.flatMap(({ components, commits }) => ['', `## ${titleOf(components, all)}`, '', ...commits.map(lineOf)]);

function titleOf(components: readonly string[], all: number): string {
  if (components.length === 0) return 'Nothing that is built';
  if (components.length === all && all > 1) return 'All components';
  if (components.length <= MOST_NAMED) return components.join(', ');
  return `${components.slice(0, MOST_NAMED - 1).join(', ')} and ${components.length - MOST_NAMED + 1} more`;
}

function lineOf({ hash, title, kind, breaking, pull, authors }: Commit): string {
  const said = [...(pull === undefined ? [] : [`#${pull}`]), ...authors].join(', ');
  return `- ${breaking ? '**breaking** ' : ''}${kind === undefined ? '' : `[${kind}] `}${title} (${said}) (${hash.slice(0, 12)})`;
}
