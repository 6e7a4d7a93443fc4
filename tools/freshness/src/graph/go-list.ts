import { archOf, osOf } from '@slipway/model';
import type { CommandRunner } from '@slipway/adapters';
import type { GoListQuery } from './port.ts';

/** The output of `go list -json` for a package. Empty fields are absent. */
export interface GoListPackage {
  readonly ImportPath: string;
  readonly Name?: string;
  readonly Dir?: string;
  readonly Standard?: boolean;
  readonly ForTest?: string;
  readonly Match?: readonly string[];
  readonly Module?: GoListModule;
  readonly Imports?: readonly string[];
  readonly EmbedPatterns?: readonly string[];
  readonly IgnoredGoFiles?: readonly string[];
  readonly IgnoredOtherFiles?: readonly string[];
  readonly Error?: { readonly ImportStack?: readonly string[] | null; readonly Pos?: string; readonly Err: string };
  readonly Incomplete?: boolean;
  readonly CgoPkgConfig?: readonly string[];
  readonly [list: `${string}Files` | `Cgo${string}FLAGS`]: readonly string[] | undefined;
}

export interface GoListModule {
  readonly Path: string;
  readonly Version?: string;
  readonly Dir?: string;
  readonly GoVersion?: string;
  readonly Replace?: GoListModule;
}

export const otherFileFields = [
  'CFiles',
  'CXXFiles',
  'MFiles',
  'HFiles',
  'FFiles',
  'SFiles',
  'SwigFiles',
  'SwigCXXFiles',
  'SysoFiles',
] as const;

/** Flags of `#cgo` lines, by their names there. */
export const cgoFlagFields = {
  CPPFLAGS: 'CgoCPPFLAGS',
  CFLAGS: 'CgoCFLAGS',
  CXXFLAGS: 'CgoCXXFLAGS',
  LDFLAGS: 'CgoLDFLAGS',
  'pkg-config': 'CgoPkgConfig',
} as const;

const fields = [
  'ImportPath',
  'Name',
  'Dir',
  'Standard',
  'ForTest',
  'Match',
  'Module',
  'Imports',
  'Error',
  'Incomplete',
  'GoFiles',
  'CgoFiles',
  'IgnoredGoFiles',
  'IgnoredOtherFiles',
  'EmbedPatterns',
  'EmbedFiles',
  ...otherFileFields,
  ...Object.values(cgoFlagFields),
];

export interface GoListRequest {
  readonly query: GoListQuery;
  readonly patterns: readonly string[];
  readonly test: boolean;
}

export type GoListAnswer = { readonly packages: readonly GoListPackage[] } | { readonly problem: string };

export async function runGoList(
  request: GoListRequest,
  runner: CommandRunner,
  signal?: AbortSignal,
): Promise<GoListAnswer> {
  const { query } = request;
  const result = await runner.run({
    argv: goListArgv(request),
    cwd: query.cwd,
    env: goListEnv(query),
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.exit === 0) return { packages: parseGoList(result.stdout) };
  return { problem: result.stderr.trim() || `go list ended with ${result.exit ?? result.signal}` };
}

/** Patterns come after the flags. `go build` would also read a pattern with a dash as a flag. */
export function goListArgv({ query, patterns, test }: GoListRequest): string[] {
  const [, minor = 99] = query.toolchain.version.split('.').map(Number);
  return [
    query.toolchain.command,
    'list',
    '-deps',
    '-e',
    ...(test ? ['-test'] : []),
    // Go 1.19 added the list of fields; older versions print all. Without -buildvcs=false, Go 1.18 runs git.
    minor >= 19 ? `-json=${fields.join(',')}` : '-json',
    ...(minor >= 18 ? ['-buildvcs=false'] : []),
    // With a profile every package below a main package becomes a separate variant with the same files.
    ...(minor >= 20 ? ['-pgo=off'] : []),
    ...(query.tags === '' ? [] : [`-tags=${query.tags}`]),
    ...query.flags,
    ...patterns,
  ];
}

const goListEnv = ({ env, platform, cgo }: GoListQuery): Record<string, string> => ({
  ...env,
  GOOS: osOf(platform),
  GOARCH: archOf(platform),
  CGO_ENABLED: cgo ? '1' : '0',
});

/** Objects follow each other, and each ends on its own line, because JSON strings contain no line feeds. */
export const parseGoList = (text: string): GoListPackage[] =>
  JSON.parse(`[${text.trimEnd().replaceAll(/^\}\r?\n\{/gm, '},{')}]`) as GoListPackage[];
