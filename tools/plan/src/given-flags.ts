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

/**
 * Adds the flags of WHAT after the flags of the tree. It joins the tags of both, because one -tags would override the
 * other.
 */
export function withGiven(words: readonly string[], given: readonly string[]): string[] {
  const [own, more] = [words, given].map((each) => goTagsOf(parseGoFlags({ words: each })));
  if (own!.length === 0 || more!.length === 0) return [...words, ...given];
  const isTags = (word: string): boolean => lastGoFlag(parseGoFlags({ words: [word] }), 'tags') !== undefined;
  const joined = `-tags=${[...new Set([...own!, ...more!])].join(',')}`;
  return [...words.filter((word) => !isTags(word)), joined, ...given.filter((word) => !isTags(word))];
}

/**
 * Go applies only the last of these flags to a package. A flag of slipway would override one in GOFLAGS, and one in
 * WHAT would override slipway's.
 */
const toolFlags: readonly string[] = ['asmflags', 'gcflags', 'ldflags'] satisfies GoFlagName[];

/** The package pattern before the flags of a tool, by Go's rule: `all=-N` → `all=`. */
const patternOf = (value: string): string => /^[^\s'"=-][^\s'"=]*=/.exec(value)?.[0] ?? '';

/**
 * Slipway's words, joined with the user's flags that would otherwise override them or be overridden. Flags for the same
 * packages become one flag, with the user's part last; flags for other packages follow. Other flags of the user are not
 * included.
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

/** The same for flags in WHAT. The second list contains the remaining flags. */
export function joinToolFlags(words: readonly string[], given: readonly string[]): [string[], string[]] {
  const own = new Set(parseGoFlags({ words }).map(({ name }) => name));
  const isJoined = ({ name }: GoFlag): boolean => own.has(name) && toolFlags.includes(name);
  const flags = parseGoFlags({ words: given });
  return [withToolFlags(words, flags), flags.filter((flag) => !isJoined(flag)).map(formatGoFlag)];
}

/** The tags in a call of the tree. */
export const tagFlags = ({ argv }: GoInvocation): string[] =>
  parseGoFlags({ words: argv })
    .filter(({ name, value }) => name === 'tags' && value !== '')
    .map(formatGoFlag);

/**
 * Unknown build flags in WHAT. Go itself checks GOFLAGS. Flags that slipway cannot support are refused with the
 * settings.
 */
export const unknownFlags = (variables: Environment): Failure[] =>
  readWhat(variables)
    .flags.filter(({ known }) => !known)
    .map(unknown);

function unknown({ name }: GoFlag): Failure {
  const like = nearest(name, Object.keys(goBuildFlags));
  const hint = like === undefined ? 'go help build lists them' : `did you mean -${like}?`;
  return { code: 'BAD_FLAG', flag: `-${name}`, variable: 'WHAT', why: 'go build has no such flag', hint };
}
