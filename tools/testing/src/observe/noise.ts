import type { Access } from '@slipway/adapters';

/** Where things of one build are. All are real paths, without links. */
export interface Places {
  readonly goroot: string;
  readonly gocache: string;
  readonly gomodcache: string;
  readonly home: string;
  /** TMPDIR, of this build alone. */
  readonly temporary: string;
}

interface NoiseRow {
  readonly what: string;
  readonly why: string;
  matches(path: string, places: Places, access: Access): boolean;
}

const isBelow = (path: string, dir: string): boolean => path === dir || path.startsWith(`${dir}/`);

/** Paths that builds look at and no key holds, each with the reason. It is the only list of this kind. */
export const noise: readonly NoiseRow[] = [
  {
    what: "Go's library and tools",
    why: 'the version of Go and the digests of go, compile, link, asm and cgo are in the key; go.env is an input',
    matches: (path, { goroot }) => isBelow(path, goroot) && path !== `${goroot}/go.env`,
  },
  {
    what: "Go's compile cache",
    why: 'it holds what was made of the inputs, by their content',
    matches: (path, { gocache }) => isBelow(path, gocache),
  },
  {
    what: 'modules of the module cache',
    why: 'a version never changes, and go.sum says its content',
    matches: (path, { gomodcache }) => isBelow(path, gomodcache),
  },
  {
    what: 'the output and temporary files',
    why: 'made by the build itself',
    matches: (path, { temporary, home }) =>
      /\/_output(\/|$)/.test(path) || isBelow(path, temporary) || isBelow(path, `${home}/.cache/slipway/tmp`),
  },
  {
    what: 'the kernel',
    why: 'says how many processors there are and what they are doing',
    matches: (path) => /^\/(proc|sys|dev)(\/|$)/.test(path),
  },
  {
    what: 'the dynamic loader, and the libraries of programs that run',
    why: 'they are the machine: a compiler behaves the same with another libc, and its own programs are in the key',
    matches: (path, { goroot }, { closedOnExec, program }) =>
      path.startsWith('/etc/ld.so.') ||
      (closedOnExec && /\.so(\.[\d.]+)?$/.test(path) && !program.startsWith(`${goroot}/`)),
  },
  {
    what: 'languages, character sets and time zones',
    why: 'decide how messages read',
    matches: (path) =>
      /^\/(usr\/(share|lib)\/locale|usr\/share\/locale-langpack|usr\/lib\/[^/]+\/gconv|etc\/locale\.alias|usr\/share\/zoneinfo|etc\/localtime)(\/|$)/.test(
        path,
      ),
  },
  {
    what: "Go's telemetry",
    why: 'counts for whom Go is made',
    matches: (path, { home }) =>
      isBelow(`${home}/.config/go/telemetry`, path) || isBelow(path, `${home}/.config/go/telemetry`),
  },
  {
    what: 'GOPATH/go.mod',
    why: 'Go only warns where it is',
    matches: (path, { home }) => path === `${home}/go/go.mod`,
  },
  {
    what: 'gccgo',
    why: 'Go looks for it at every start; where it is used, nothing is taken for known',
    matches: (path, _, { kind }) => kind === 'absent' && path.endsWith('/gccgo'),
  },
  {
    what: 'programs that collect2 looks for',
    why: 'it runs them for object formats that are not ELF, and with LTO plugins of its own',
    matches: (path, _, { kind, program }) =>
      kind === 'absent' && program.endsWith('/collect2') && /\/g?(nm|strip)$/.test(path),
  },
  {
    what: "other places of gcc's installation",
    why: 'its programs, its headers and what it links are in the key; only another installation puts more there, and it brings other programs',
    matches: (path, _, { kind, program }) =>
      kind === 'absent' &&
      /\/(gcc|g\+\+|collect2|cc1(plus)?)$/.test(program) &&
      /^\/(usr\/lib\/gcc|usr\/lib\/[^/]+-linux-gnu\/\d+|usr\/[^/]+-linux-gnu|lib\/[^/]+-linux-gnu\/\d+)(\/|$)/.test(
        path,
      ),
  },
  {
    what: "places of the C++ library's headers",
    why: 'headers of the C library would be hidden there; the package of the C++ library is all that writes there, and it has none',
    matches: (path, _, { kind, program }) =>
      kind === 'absent' && program.endsWith('/cc1plus') && /^\/usr\/include\/(?:[^/]+\/)?c\+\+\//.test(path),
  },
  {
    what: 'precompiled headers beside the C library',
    why: 'nobody puts them there',
    matches: (path, _, { kind }) => kind === 'absent' && /^\/usr\/.*\.gch$/.test(path),
  },
];

/** The row that says why a look need not be in a key; undefined when none does. */
export const noiseOf = (access: Access, places: Places): NoiseRow | undefined =>
  noise.find((row) => row.matches(access.path, places, access) || row.matches(access.real, places, access));
