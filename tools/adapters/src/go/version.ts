/** A parsed Go version. `patch` is absent in a language version (`1.21`), which is older than its releases. */
export interface GoVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number | undefined;
  /** `rc2`: kind and number of a pre-release. */
  readonly pre: { readonly kind: string; readonly number: number } | undefined;
  /** Built from an unreleased commit: newer than any release. */
  readonly devel: boolean;
}

const VERSION = /^(devel )?(?:go)?(\d+)(?:\.(\d+)(?:\.(\d+))?)?(?:([a-z]+)(\d+))?(?=$|[-+ ])/;

/** The first minor version whose first release is 1.N.0. Before, 1.N was a release. */
const FIRST_WITH_ZERO = 21;

/**
 * `go1.21.7`, `1.21rc2`, `go1.22-abcdef devel…`; undefined for anything else. A suffix after a dash, plus or space (a
 * vendor's mark) is ignored.
 */
export function parseGoVersion(text: string): GoVersion | undefined {
  const match = VERSION.exec(text.trim());
  if (match === null) return text.trim() === 'devel' || text.startsWith('devel ') ? unknownDevel : undefined;
  const [, devel, major, minor = '0', patch, kind, number] = match;
  const oldStyle = Number(minor) < FIRST_WITH_ZERO && kind === undefined;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: patch !== undefined ? Number(patch) : oldStyle ? 0 : undefined,
    pre: kind === undefined ? undefined : { kind, number: Number(number) },
    devel: devel !== undefined,
  };
}

/** Negative if `a` is older. Go's own order: 1.21 < 1.21rc2 < 1.21.0 < devel. Other texts are oldest. */
export function compareGoVersions(a: string, b: string): number {
  const [left, right] = [parseGoVersion(a), parseGoVersion(b)];
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  return (
    Number(left.devel) - Number(right.devel) ||
    left.major - right.major ||
    left.minor - right.minor ||
    (left.patch ?? -1) - (right.patch ?? -1) ||
    compareTexts(left.pre?.kind ?? '', right.pre?.kind ?? '') ||
    (left.pre?.number ?? 0) - (right.pre?.number ?? 0)
  );
}

/** The release of a version: `1.21` is a language version, and its first release is `1.21.0`. */
export function releaseOf(version: string): string {
  const parsed = parseGoVersion(version);
  const language = parsed !== undefined && parsed.patch === undefined && parsed.pre === undefined;
  return language ? `${withoutGo(version)}.0` : withoutGo(version);
}

/** Both `go1.21.7` and `1.21.7` become `1.21.7`. */
export const withoutGo = (version: string): string => version.trim().replace(/^go(?=\d)/, '');

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const unknownDevel: GoVersion = { major: 0, minor: 0, patch: undefined, pre: undefined, devel: true };
