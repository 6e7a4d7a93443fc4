import { checkKind, isTest } from '@slipway/catalog';
import { readFacts, readTree } from '@slipway/facts';
import type { CheckKind, Environment, Facts, Profile, Tree } from '@slipway/model';
import { compressedWith, whatWords } from '@slipway/plan';
import { type CommandLine, isQuery } from './parse-arguments.ts';
import type { Services } from './services.ts';
import { treeRoot } from './tree-root.ts';

/** The parts of a command line that decide which facts of a tree are needed: request → tree → facts. */
export interface Request {
  readonly variables: Environment;
  readonly profile: Profile;
  /** Words to look up in the tree. */
  readonly words: readonly string[];
  /** Whether the facts of generation are needed. */
  readonly generating: 'yes' | 'no' | 'where the tree makes it';
  /** Whether the packages with tests are needed. */
  readonly testing: boolean;
  /** Which scripts of the tree are needed. */
  readonly checking: { readonly kind: CheckKind; readonly quick: boolean } | undefined;
  /** Variables of packaging; undefined if nothing is packaged. */
  readonly packaging: Environment | undefined;
}

export const requestOf = ({ words, variables, profile, withoutDocker }: CommandLine): Request => ({
  variables,
  profile,
  // For scripts, the words are names of scripts.
  words: words.some((word) => checkKind(word) !== undefined) ? [] : whatWords(variables),
  generating: generating(words),
  testing: words.some((word) => isTest(word) || (word === 'release' && withoutDocker)),
  checking: words.map(checking).find((each) => each !== undefined),
  packaging: undefined,
});

function checking(word: string): Request['checking'] {
  const kind = checkKind(word);
  return kind && { kind, quick: word === 'quick-verify' };
}

/** If files are generated before the first compilation, every goal that compiles generates them. */
function generating(words: readonly string[]): Request['generating'] {
  if (words.includes('generated_files')) return 'yes';
  const compiles =
    !isQuery(words) && (words.length === 0 || words.some((word) => word !== 'clean' && checkKind(word) === undefined));
  return compiles ? 'where the tree makes it' : 'no';
}

/** The tree of the working directory; throws NO_TREE and the failures of reading one. */
export async function treeOf({ variables }: Request, services: Services): Promise<Tree> {
  const root = treeRoot(services.cwd, services.environment, services.disk);
  return readTree({ root, variables, services });
}

export const factsOf = (request: Request, tree: Tree, services: Services): Promise<Facts> =>
  readFacts({
    ...request,
    tree,
    packaging: request.packaging && {
      ...services,
      compressor: services.archives.compressor(compressedWith(tree, request.variables)),
      variables: request.packaging,
    },
    generating: request.generating === 'yes' || (request.generating !== 'no' && tree.makesGenerated),
    services,
  });
