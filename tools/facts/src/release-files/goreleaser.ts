import { posix } from 'node:path';
import { join } from 'node:path';
import type { ConfigArchive } from '@slipway/catalog';
import { splitGoFlags, splitQuoted } from '@slipway/model';
import type { GoBuild } from '../makefile/builds.ts';
import { environmentOf } from './ko.ts';
import {
  type Fields,
  type ReleaseFile,
  type TemplateWords,
  type Told,
  filled,
  linkerFlags,
  list,
  record,
  texts,
} from './release-file.ts';

/** Words of goreleaser's templates, and ours with the same value on a tag. */
const stampWords = {
  Version: '@gitNumber@',
  RawVersion: '@gitNumber@',
  Tag: '@gitVersion@',
  Summary: '@gitDescribe@',
  Major: '@gitMajor@',
  Minor: '@gitMinor@',
  Commit: '@gitCommit@',
  FullCommit: '@gitCommit@',
  ShortCommit: '@gitShortCommit@',
  Branch: '@gitBranch@',
  Date: '@buildDate@',
  CommitDate: '@buildDate@',
  GitTreeState: '@gitTreeState@',
};

const archiveWords = {
  ProjectName: '{name}',
  Version: '{number}',
  Tag: '{version}',
  Os: '{os}',
  Arch: '{arch}',
  Binary: '{command}',
};

/** goreleaser's defaults. */
const usual = {
  goos: ['linux', 'darwin', 'windows'],
  goarch: ['386', 'amd64', 'arm64'],
  ldflags: '-s -w -X main.version={{.Version}} -X main.commit={{.Commit}} -X main.date={{.Date}}',
  archive: '{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}',
  checksums: '{{ .ProjectName }}_{{ .Version }}_checksums.txt',
  files: ['[Ll][Ii][Cc][Ee][Nn][SsCc][Ee]*', '[Rr][Ee][Aa][Dd][Mm][Ee]*', '[Cc][Hh][Aa][Nn][Gg][Ee][Ll][Oo][Gg]*'],
};

interface NamedBuilds {
  readonly id: string;
  readonly builds: readonly GoBuild[];
}

export function readGoReleaser(file: ReleaseFile): Told {
  const { project_name: project, checksum } = file.value;
  const name = project === undefined ? undefined : filled(file, String(project), {}, 'project_name');
  const said = list(file.value['builds']).map(record);
  const named = (said.length === 0 ? [{}] : said).map((build, at) => buildsOf(file, build, at, name));
  const archives = list(file.value['archives']).map(record);
  const made = (archives.length === 0 ? [{}] : archives).map((archive, at) => archiveOf(file, archive, at));
  const sums = filled(
    file,
    String(record(checksum)['name_template'] ?? usual.checksums),
    archiveWords,
    'checksum.name_template',
  );
  return {
    builds: named.flatMap(({ builds }) => builds),
    release: {
      ...(name === undefined ? {} : { name }),
      archives: made,
      ...(sums === undefined || sums.includes('{os}') ? {} : { checksums: sums }),
    },
    held: (archives.length === 0 ? [{}] : archives).map((archive: Fields) => {
      const ids = texts(archive['ids'] ?? archive['builds']);
      return ids.length === 0 ? undefined : named.filter(({ id }) => ids.includes(id)).flatMap(({ builds }) => builds);
    }),
  };
}

function buildsOf(file: ReleaseFile, build: Fields, at: number, project: string | undefined): NamedBuilds {
  const path = `builds.${at}`;
  const names: TemplateWords = project === undefined ? {} : { ProjectName: project };
  const binary = filled(file, String(build['binary'] ?? project ?? ''), names, `${path}.binary`);
  const id = String(build['id'] ?? project ?? '');
  if (build['skip'] === true || build['skip'] === 'true') return { id, builds: [] };
  const ldflags = build['ldflags'] === undefined ? usual.ldflags : texts(build['ldflags']).join(' ');
  const given = splitGoFlags(texts(build['flags']).flatMap((text) => splitQuoted(text))).flags;
  const flags: GoBuild['flags'] = [
    ...given.filter(({ value }) => !value.includes('{{')),
    ...(build['tags'] === undefined ? [] : [flag('tags', texts(build['tags']).join(','))]),
    flag('ldflags', linkerFlags(file, ldflags, { ...stampWords, ...names }, `${path}.ldflags`)),
    ...(binary ? [flag('o', binary)] : []),
  ];
  const env = environmentOf(file, texts(build['env']), `${path}.env`);
  const packages = [String(build['main'] ?? '.')];
  const dir = String(build['dir'] ?? '.');
  const platforms = platformsOf(build);
  return {
    id,
    builds: platforms.map((platform) => ({ installs: false, dir, env: { ...env, ...platform }, flags, packages })),
  };
}

const flag = (name: 'tags' | 'ldflags' | 'o', value: string): GoBuild['flags'][number] => ({
  name,
  value,
  known: true,
});

/** Every system with every processor it has. */
function platformsOf(build: Fields): GoBuild['env'][] {
  const targets = texts(build['targets']).filter((text) => /^[a-z0-9]+_[a-z0-9]+/.test(text));
  if (targets.length > 0) {
    const [...pairs] = new Set(targets.map((text) => text.split('_').slice(0, 2).join('/')));
    return pairs.map((pair) => environment(...(pair.split('/') as [string, string])));
  }
  const of = (name: 'goos' | 'goarch'): readonly string[] =>
    build[name] === undefined ? usual[name] : texts(build[name]);
  const ignored = list(build['ignore']).map(record);
  const isIgnored = (os: string, arch: string): boolean =>
    ignored.some(
      ({ goos = os, goarch = arch, ...rest }) => goos === os && goarch === arch && Object.keys(rest).length === 0,
    );
  const pairs = of('goos').flatMap((os) => of('goarch').map((arch) => [os, arch] as const));
  return pairs
    .filter(([os, arch]) => (os !== 'darwin' || ['amd64', 'arm64'].includes(arch)) && !isIgnored(os, arch))
    .map(([os, arch]) => environment(os, arch));
}

const environment = (GOOS: string, GOARCH: string): GoBuild['env'] => ({ GOOS, GOARCH });

const formats: Readonly<Record<string, NonNullable<ConfigArchive['format']>>> = {
  'tar.gz': 'tar.gz',
  tgz: 'tar.gz',
  'tar.zst': 'tar.zst',
  tzst: 'tar.zst',
  zip: 'zip',
};

function archiveOf(file: ReleaseFile, archive: Fields, at: number): ConfigArchive {
  const path = `archives.${at}`;
  const name =
    filled(file, String(archive['name_template'] ?? usual.archive), archiveWords, `${path}.name_template`) ??
    filled(file, usual.archive, archiveWords, path)!;
  const format = formatOf(file, archive, path);
  const others = list(archive['format_overrides'])
    .map(record)
    .flatMap((each): [string, string][] => {
      const other = formatOf(file, each, `${path}.format_overrides`);
      return other === undefined ? [] : [[String(each['goos']), other]];
    });
  const wrap = archive['wrap_in_directory'];
  const directory =
    wrap === true || wrap === 'true'
      ? name
      : wrap === undefined || wrap === false || wrap === 'false'
        ? undefined
        : filled(file, String(wrap), archiveWords, `${path}.wrap_in_directory`);
  return {
    name,
    ...(name.includes('{command}') ? { per: 'command' as const } : {}),
    ...(format === undefined ? {} : { format }),
    ...(others.length === 0 ? {} : { formats: Object.fromEntries(others) }),
    ...(directory === undefined ? {} : { directory }),
    files: filesOf(file, archive['files'], `${path}.files`),
  };
}

function formatOf(file: ReleaseFile, said: Fields, path: string): ConfigArchive['format'] {
  const [wanted, ...more] = texts(said['formats'] ?? said['format']);
  const found = wanted === undefined ? undefined : formats[wanted];
  const lost = [...(found === undefined && wanted !== undefined ? [wanted] : []), ...more];
  for (const each of lost) file.notUsed(`archives[].formats ${each}`, path);
  return found;
}

/** Those that are there: patterns go as far as names in one directory. */
function filesOf(file: ReleaseFile, said: unknown, path: string): string[] {
  return (said === undefined ? usual.files : list(said)).flatMap((each) => {
    if (typeof each !== 'string' || each.includes('**') || each.includes('{')) {
      file.notUsed(
        `archives[].files ${typeof each === 'string' ? each : String(record(each)['src'] ?? 'with other places')}`,
        path,
      );
      return [];
    }
    const dir = posix.dirname(each);
    const { files, directories } = file.disk.listDirectory(join(file.root, dir));
    const isMeant = pattern(posix.basename(each));
    return [...files, ...directories].filter((name) => isMeant.test(name)).map((name) => posix.join(dir, name));
  });
}

const pattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .replaceAll(/[.+^$()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
