import {
  type PlanNote,
  type ShippedEntry,
  type ShippedTarball,
  type SourceMember,
  limits,
  memberRules,
} from '@slipway/model';

/**
 * Members of a tree that strict readers (including `release verify`) refuse: an absolute link, two names that differ
 * only in case. Slipway ships them, as git archive and the tree's own scripts do, and prints one note for each tarball
 * with the first such member.
 */
export function refusedMembers(tarballs: readonly ShippedTarball[], source: readonly SourceMember[]): PlanNote[] {
  return tarballs.flatMap(({ name, entries }) => {
    const problemOf = memberRules('directory');
    const members = entries === 'commit' ? source : entries;
    const { members: most } = limits.archive;
    if (members.length > most)
      return [{ what: name, why: `it has more than ${most} members; release verify refuses the archive for it` }];
    for (const member of members) {
      const problem = problemOf(namedMember(member));
      if (problem !== undefined)
        return [{ what: `${name}: ${member.path}`, why: `${problem}; release verify refuses the archive for it` }];
    }
    return [];
  });
}

function namedMember(member: ShippedEntry | SourceMember): Parameters<ReturnType<typeof memberRules>>[0] {
  const { path } = member;
  if ('link' in member) return { path, kind: 'link', target: member.link };
  return { path, kind: 'directory' in member ? 'directory' : 'file' };
}
