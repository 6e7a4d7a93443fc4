import { join } from 'node:path';
import { parsePlatform, splitGoFlags, splitQuoted } from '@slipway/model';
import type { GoBuild } from '../makefile/builds.ts';
import { type ReleaseFile, type Told, linkerFlags, list, record, texts } from './release-file.ts';

/** As promu has them; the user and the machine are not the same twice. */
const words = (version: string | undefined) => ({
  Version: version ?? '@gitNumber@',
  Revision: '@gitCommit@',
  Branch: '@gitBranch@',
  'date "20060102-15:04:05"': '@buildDate@',
});

export function readPromu(file: ReleaseFile): Told {
  const { go, repository, build, crossbuild, tarball } = file.value;
  const { binaries, flags, tags, ldflags } = record(build);
  const name = String(record(repository)['path'] ?? '')
    .split('/')
    .at(-1)!;
  const version = file.disk.readText(join(file.root, 'VERSION'))?.trim();
  const made: GoBuild['flags'] = [
    ...splitGoFlags(splitQuoted(texts(flags).join(' '))).flags,
    ...list(record(tags)['all'] === undefined ? undefined : [texts(record(tags)['all']).join(',')]).map(
      (value) => ({ name: 'tags', value: String(value), known: true }) as const,
    ),
    {
      name: 'ldflags',
      value: linkerFlags(file, texts(ldflags).join(' '), words(version), 'build.ldflags'),
      known: true,
    },
  ];
  const said = list(binaries).length > 0 ? list(binaries).map(record) : [{ name, path: '.' }];
  const builds = said.flatMap((binary) =>
    platforms(file, crossbuild).map((env): GoBuild => ({
      installs: false,
      dir: '.',
      env: { ...env, CGO_ENABLED: record(go)['cgo'] === true ? '1' : '0' },
      flags: [...made, { name: 'o', value: String(binary['name']), known: true }],
      packages: [String(binary['path'] ?? '.')],
    })),
  );
  const archive = `{name}-{number}.{os}-{arch}`;
  const release = {
    ...(name === '' ? {} : { name }),
    archives: [{ name: archive, directory: archive, files: texts(record(tarball)['files']) }],
    checksums: 'sha256sums.txt',
  };
  return tarball === undefined ? { builds, release: {}, held: [] } : { builds, release, held: [undefined] };
}

/** A word for a system alone means processors that only promu knows. */
function platforms(file: ReleaseFile, crossbuild: unknown): Readonly<Record<string, string>>[] {
  const named = texts(record(crossbuild)['platforms']);
  const whole = named.filter((each) => parsePlatform(each) !== undefined);
  if (whole.length < named.length) file.notUsed('crossbuild.platforms of no processor', 'crossbuild.platforms');
  const found = whole.length < named.length ? [] : whole.map((each) => each.split('/') as [string, string]);
  return found.length === 0 ? [{}] : found.map(([GOOS, GOARCH]) => ({ GOOS, GOARCH }));
}
