import { splitGoFlags, splitQuoted } from '@slipway/model';
import type { GoBuild } from '../makefile/builds.ts';
import { type ReleaseFile, type Told, linkerFlags, list, record, texts } from './release-file.ts';

const words = {
  'Git.Tag': '@gitDescribe@',
  'Git.Branch': '@gitBranch@',
  'Git.FullCommit': '@gitCommit@',
  'Git.ShortCommit': '@gitShortCommit@',
  'Git.TreeState': '@gitTreeState@',
  Date: '@buildDate@',
};

/** Its images begin with one of a registry, which ours do not: what is used is how their commands are built. */
export function readKo(file: ReleaseFile): Told {
  const builds = list(file.value['builds'])
    .map(record)
    .map(({ dir, main, env, flags, ldflags }, at): GoBuild => {
      const given = [...splitGoFlags(splitQuoted(texts(flags).join(' '))).flags];
      const linker = linkerFlags(file, texts(ldflags).join(' '), words, `builds.${at}.ldflags`);
      return {
        installs: true,
        dir: String(dir ?? '.'),
        env: environmentOf(file, ['CGO_ENABLED=0', ...texts(env)], `builds.${at}.env`),
        flags: [...given, { name: 'ldflags', value: linker, known: true }],
        packages: [String(main ?? '.')],
      };
    });
  return { builds, release: {}, held: [] };
}

/** Those that name another program or file are none of a build here. */
export function environmentOf(file: ReleaseFile, assignments: readonly string[], path: string): GoBuild['env'] {
  const pairs = assignments.flatMap((text): [string, string][] => {
    const [, name, value = ''] = /^(\w+)=(.*)$/s.exec(text) ?? [];
    const isUsed = name !== undefined && /^(?:CGO_ENABLED|GO(?:AMD64|ARM|ARM64|EXPERIMENT|FIPS140))$/.test(name);
    if (isUsed && !value.includes('{{')) return [[name, value]];
    if (name !== 'GO111MODULE') file.notUsed(`${path.replace(/\.\d+/g, '[]')} ${text}`, path);
    return [];
  });
  return Object.fromEntries(pairs);
}
