/** A field of a file of another tool, and the field of slipway.config.ts it sets; `''`: it says nothing that concerns a build. */
type FieldsSet = Readonly<Record<string, string>>;

export interface ReleaseFileFormat {
  /** Its possible places. Slipway reads the first that exists. */
  readonly names: readonly string[];
  /** Slipway does not use other fields, and names them in a note. */
  readonly fields: FieldsSet;
}

export type ReleaseTool = keyof typeof releaseFiles;

/** Configuration files of other release tools, and the fields that slipway reads. */
export const releaseFiles = {
  goreleaser: {
    names: ['', '.config/'].flatMap((dir) =>
      ['.goreleaser.yaml', '.goreleaser.yml', 'goreleaser.yaml', 'goreleaser.yml'].map((name) => `${dir}${name}`),
    ),
    fields: {
      version: '',
      dist: '',
      project_name: 'release.name',
      'builds[].id': '',
      'builds[].dir': 'targets[].path',
      'builds[].main': 'targets[].path',
      'builds[].binary': 'targets[].name',
      'builds[].skip': '',
      'builds[].env': 'targets[].static for CGO_ENABLED, targets[].env for variables such as GOAMD64',
      'builds[].goos': 'targets[].platforms',
      'builds[].goarch': 'targets[].platforms',
      'builds[].ignore': 'targets[].platforms',
      'builds[].targets': 'targets[].platforms',
      'builds[].tags': 'targets[].tags',
      'builds[].flags': 'targets[].tags for -tags',
      'builds[].ldflags': 'stamps for -X, targets[].ldflags for the rest',
      'builds[].mod_timestamp': '',
      'builds[].no_unique_dist_dir': '',
      'archives[].id': '',
      'archives[].ids': 'release.archives[].binaries',
      'archives[].builds': 'release.archives[].binaries',
      'archives[].name_template': 'release.archives[].name',
      'archives[].format': 'release.archives[].format',
      'archives[].formats': 'release.archives[].format',
      'archives[].format_overrides': 'release.archives[].formats',
      'archives[].files': 'release.archives[].files',
      'archives[].wrap_in_directory': 'release.archives[].directory',
      'checksum.name_template': 'release.checksums',
    },
  },
  promu: {
    names: ['.promu.yml', '.promu.yaml'],
    fields: {
      'go.cgo': 'targets[].static',
      'repository.path': 'release.name',
      'build.binaries': 'targets[].path and targets[].name',
      'build.flags': 'targets[].tags for -tags',
      'build.tags.all': 'targets[].tags',
      'build.ldflags': 'stamps for -X, targets[].ldflags for the rest',
      'crossbuild.platforms': 'targets[].platforms for os/arch',
      'tarball.files': 'release.archives[].files',
    },
  },
  ko: {
    names: ['.ko.yaml', '.ko.yml'],
    fields: {
      'builds[].id': '',
      'builds[].dir': 'targets[].path',
      'builds[].main': 'targets[].path',
      'builds[].env': 'targets[].static for CGO_ENABLED, targets[].env for variables such as GOAMD64',
      'builds[].flags': 'targets[].tags for -tags',
      'builds[].ldflags': 'stamps for -X, targets[].ldflags for the rest',
    },
  },
} as const satisfies Readonly<Record<string, ReleaseFileFormat>>;
