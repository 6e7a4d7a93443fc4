import {
  type Environment,
  type Failure,
  type GoFlag,
  type GoInvocation,
  formatGoFlag,
  goBuildFlags,
  goTagsOf,
  lastGoFlag,
  parseGoFlags,
} from '@slipway/model';
import { nearest } from '@slipway/catalog';
import { readWhat } from './select.ts';

/** Flags of the tree, and after them those of WHAT; of tags both, as one -tags hides the other. */
export function withGiven(words: readonly string[], given: readonly string[]): string[] {
  const [own, more] = [words, given].map((each) => goTagsOf(parseGoFlags({ words: each })));
  if (own!.length === 0 || more!.length === 0) return [...words, ...given];
  const isTags = (word: string): boolean => lastGoFlag(parseGoFlags({ words: [word] }), 'tags') !== undefined;
  const joined = `-tags=${[...new Set([...own!, ...more!])].join(',')}`;
  return [...words.filter((word) => !isTags(word)), joined, ...given.filter((word) => !isTags(word))];
}

/** The tags a call of the tree carries. */
export const tagFlags = ({ argv }: GoInvocation): string[] =>
  parseGoFlags({ words: argv })
    .filter(({ name, value }) => name === 'tags' && value !== '')
    .map(formatGoFlag);

/** Flags in WHAT that no build has. Of those in GOFLAGS it is Go's to say; what a build cannot follow is refused with the settings. */
export const unknownFlags = (variables: Environment): Failure[] =>
  readWhat(variables)
    .flags.filter(({ known }) => !known)
    .map(unknown);

function unknown({ name }: GoFlag): Failure {
  const like = nearest(name, Object.keys(goBuildFlags));
  const hint = like === undefined ? 'go help build lists them' : `did you mean -${like}?`;
  return { code: 'BAD_FLAG', flag: `-${name}`, variable: 'WHAT', why: 'go build has no such flag', hint };
}
