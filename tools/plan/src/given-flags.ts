import {
  type Environment,
  type Facts,
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

/** The step has its own. */
const refused: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  C: ['Go is started where each module is', 'slipway -C DIR'],
  n: ['Go would print what it does, and make nothing', 'slipway all -n'],
  o: ['binaries have their places', 'OUT_DIR=DIR puts all of them elsewhere'],
};

/** What a build does not take of WHAT and GOFLAGS. That GOFLAGS has a flag no command of Go knows is Go's to say. */
export function refusedFlags({ environment }: Facts, variables: Environment): Failure[] {
  const { flags } = readWhat(variables);
  const goFlags = variables['GOFLAGS'] ?? environment['GOFLAGS'];
  return [
    ...flags.filter(({ known }) => !known).map(unknown),
    ...refusedOf('WHAT', flags),
    ...refusedOf('GOFLAGS', parseGoFlags({ goFlags })),
  ];
}

function unknown({ name }: GoFlag): Failure {
  const like = nearest(name, Object.keys(goBuildFlags));
  const hint = like === undefined ? 'go help build lists them' : `did you mean -${like}?`;
  return { code: 'BAD_FLAG', flag: `-${name}`, variable: 'WHAT', why: 'go build has no such flag', hint };
}

const refusedOf = (variable: 'WHAT' | 'GOFLAGS', flags: readonly GoFlag[]): Failure[] =>
  flags.flatMap(({ name }) => {
    const [why, hint] = (Object.hasOwn(refused, name) && refused[name]) || [];
    return why === undefined || hint === undefined ? [] : [{ code: 'BAD_FLAG', flag: `-${name}`, variable, why, hint }];
  });
