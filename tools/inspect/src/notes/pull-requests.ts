import type { Commit } from './commits.ts';

/**
 * The changes between two tags, newest first. A merged pull request represents its commits, with all their files and
 * authors; other commits represent themselves. The parents of a merge decide which commits it brought in.
 */
export function changesIn(commits: readonly Commit[]): Commit[] {
  const byHash = new Map(commits.map((commit) => [commit.hash, commit]));
  const mainline = new Set<string>();
  for (let at = commits[0]; at !== undefined; at = byHash.get(at.parents[0] ?? '')) mainline.add(at.hash);
  const taken = new Set<string>();
  const changes: Commit[] = [];
  // Oldest merge first: a later one brings in only commits that were not there.
  for (const commit of commits.toReversed()) {
    if (commit.parents.length < 2 || commit.pull === undefined || !mainline.has(commit.hash)) continue;
    const brought = broughtBy(commit, byHash, (hash) => mainline.has(hash) || taken.has(hash));
    for (const { hash } of brought) taken.add(hash);
    const own = brought.filter(({ parents }) => parents.length < 2);
    changes.push({
      ...commit,
      authors: unique(own.length === 0 ? commit.authors : own.flatMap(({ authors }) => authors)),
      files: unique(own.flatMap(({ files }) => files)),
      breaking: commit.breaking || own.some(({ breaking }) => breaking),
    });
  }
  const merged = new Map(changes.map((change) => [change.hash, change]));
  return commits.flatMap((commit) => {
    if (taken.has(commit.hash)) return [];
    return commit.parents.length < 2 ? [commit] : (merged.get(commit.hash) ?? []);
  });
}

function broughtBy(merge: Commit, byHash: ReadonlyMap<string, Commit>, isKnown: (hash: string) => boolean): Commit[] {
  const found = new Map<string, Commit>();
  const left = merge.parents.slice(1);
  for (let hash = left.pop(); hash !== undefined; hash = left.pop()) {
    const commit = byHash.get(hash);
    if (commit === undefined || found.has(hash) || isKnown(hash)) continue;
    found.set(hash, commit);
    left.push(...commit.parents);
  }
  return [...found.values()];
}

/** All authors of these changes, sorted. */
export const contributorsOf = (changes: readonly Commit[]): string[] =>
  unique(changes.flatMap(({ authors }) => authors)).sort();

const unique = (list: readonly string[]): string[] => [...new Set(list)];
