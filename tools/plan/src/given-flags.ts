import {
  type Environment,
  type Failure,
  type GoFlag,
  type GoFlagName,
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

/** Go takes the last of these for a package: one of ours hides one of GOFLAGS, and one of WHAT hides ours. */
const toolFlags: readonly string[] = ['asmflags', 'gcflags', 'ldflags'] satisfies GoFlagName[];

/** The pattern of packages before the flags of a tool, as Go tells it from them: `all=-N` → `all=`. */
const patternOf = (value: string): string => /^[^\s'"=-][^\s'"=]*=/.exec(value)?.[0] ?? '';

/**
 * Our words with those flags of the user that one of them would hide, or that would hide one: for the same packages in one flag,
 * behind ours; for others after it. What we do not say is not in it.
 */
export function withToolFlags(words: readonly string[], given: readonly GoFlag[]): string[] {
  return words.flatMap((word) => {
    const [own] = parseGoFlags({ words: [word] });
    if (own === undefined || !toolFlags.includes(own.name)) return [word];
    const theirs = Map.groupBy(
      given.filter(({ name }) => name === own.name),
      ({ value }) => patternOf(value),
    );
    const pattern = patternOf(own.value);
    const same = theirs.get(pattern)?.at(-1)?.value.slice(pattern.length);
    const others = [...theirs].filter(([each]) => each !== pattern).map(([, flags]) => flags.at(-1)!);
    return [same === undefined ? word : `${word} ${same}`.trimEnd(), ...others.map(formatGoFlag)];
  });
}

/** The same of flags that stand in WHAT; the second are those that are left. */
export function joinToolFlags(words: readonly string[], given: readonly string[]): [string[], string[]] {
  const own = new Set(parseGoFlags({ words }).map(({ name }) => name));
  const isJoined = ({ name }: GoFlag): boolean => own.has(name) && toolFlags.includes(name);
  const flags = parseGoFlags({ words: given });
  return [withToolFlags(words, flags), flags.filter((flag) => !isJoined(flag)).map(formatGoFlag)];
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
