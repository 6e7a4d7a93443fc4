import type { StepId, SymlinkStep } from '@slipway/model';
import { absolute, fakeGopathDir, publishedDir } from '../names.ts';
import type { Planning } from '../planning.ts';

export const GOPATH_LINK = 'link:gopath' as StepId;

/** `_output/local/go/src/k8s.io/kubernetes` → the root; profile make compiles through it. */
export function gopathLinkStep({ names, facts }: Planning): SymlinkStep {
  const link = fakeGopathDir(names, facts.tree.goPackage);
  return { ...base, id: GOPATH_LINK, title: `link ${link}`, outputs: [link], link, target: facts.tree.root };
}

/** `_output/bin` → the host's binaries, absolute as in the scripts. cluster/kubectl.sh and users depend on it. */
export function hostLinkStep({ names, facts }: Planning): SymlinkStep {
  const target = absolute(facts.tree.root, publishedDir(names, facts.machine.platform));
  return {
    ...base,
    id: 'link:bin' as StepId,
    title: `link ${names.hostLink}`,
    outputs: [names.hostLink],
    link: names.hostLink,
    target,
  };
}

const base = { kind: 'symlink', needs: [], after: [], pool: 'io' } as const;
