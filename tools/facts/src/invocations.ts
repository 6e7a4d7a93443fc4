import {
  type Environment,
  type GoInvocation,
  type Linkage,
  STAMPS,
  type StampFlag,
  goTagsOf,
  parseGoFlags,
} from '@slipway/model';

/** Go's flags for a tree without scripts. */
export interface InvocationWishes {
  /** DBG, GOFLAGS, GOGCFLAGS, GOLDFLAGS. */
  readonly variables: Environment;
  readonly stamps: readonly StampFlag[];
  /** Build tags of all commands. */
  readonly tags: readonly string[];
}

/**
 * Stripped binaries, or with DBG=1 binaries for a debugger. GOGCFLAGS and GOLDFLAGS follow slipway's flags. If the tree
 * has tags, those of GOFLAGS are joined with them, because one -tags overrides the other.
 */
export function conventionalInvocations(wishes: InvocationWishes): Record<Linkage, GoInvocation> {
  const flags = [...compilerFlags(wishes), ...linkerFlags(wishes), ...tagFlags(wishes)];
  return {
    static: { argv: ['install', ...flags], env: { CGO_ENABLED: '0' } },
    cgo: { argv: ['install', ...flags], env: {} },
    test: { argv: ['test', '-c', ...flags], env: {} },
  };
}

function compilerFlags({ variables }: InvocationWishes): string[] {
  const given = variables['GOGCFLAGS']?.trim() ?? '';
  if (variables['DBG'] !== '1' && given === '') return [];
  if (variables['DBG'] !== '1') return [`-gcflags=${given.startsWith('-') ? `all=${given}` : given}`];
  return [`-gcflags=all=${['-N', '-l', given.replace(/^all=/, '')].join(' ').trim()}`];
}

function linkerFlags({ variables, stamps }: InvocationWishes): string[] {
  const parts = [
    stamps.length > 0 ? STAMPS : '',
    variables['GOLDFLAGS']?.trim() ?? '',
    variables['DBG'] === '1' ? '' : '-s -w',
  ];
  const text = parts.filter((part) => part !== '').join(' ');
  return text === '' ? [] : [`-ldflags=${text}`];
}

function tagFlags({ variables, tags }: InvocationWishes): string[] {
  if (tags.length === 0) return [];
  return [`-tags=${[...new Set([...tags, ...goTagsOf(parseGoFlags({ goFlags: variables['GOFLAGS'] }))])].join(',')}`];
}
