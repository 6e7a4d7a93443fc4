import { FailureError } from '@slipway/model';
import type { GoRequest } from './port.ts';
import { compareGoVersions, parseGoVersion, releaseOf } from './version.ts';

/** Which Go is wanted: whatever is on PATH, or a version. */
export type WantedGo = { readonly kind: 'host'; readonly from: string } | WantedVersion;

export interface WantedVersion {
  readonly kind: 'version';
  /** A release; undefined when any will do. */
  readonly version: string | undefined;
  /** No other than this one; otherwise newer ones do as well. */
  readonly exact: boolean;
  readonly from: string;
  readonly mayDownload: boolean;
}

/** GOTOOLCHAIN first, as the trees' own scripts have it; then FORCE_HOST_GO; then what the tree asks for. */
export function wantedGo({
  requirement,
  variables,
  env,
}: Pick<GoRequest, 'requirement' | 'variables' | 'env'>): WantedGo {
  const [name = '', mode] = splitToolchain(env['GOTOOLCHAIN'] ?? '');
  const mayDownload = mode !== 'path';
  if (name === 'local' && mode === undefined) return { kind: 'host', from: 'GOTOOLCHAIN=local' };
  if (name !== '' && name !== 'local') return named(name, mode, requirement);
  if (mode === undefined && variables['FORCE_HOST_GO']) return { kind: 'host', from: 'FORCE_HOST_GO' };
  if (requirement === undefined)
    return { kind: 'version', version: undefined, exact: false, from: 'this tree', mayDownload };
  return {
    kind: 'version',
    version: releaseOf(requirement.version),
    exact: requirement.exact,
    from: requirement.from,
    mayDownload,
  };
}

/** Whether a Go of this version is what is wanted. */
export function fits(version: string, wanted: WantedVersion): boolean {
  if (wanted.version === undefined) return true;
  const order = compareGoVersions(version, wanted.version);
  return wanted.exact ? order === 0 : order >= 0;
}

/** `go1.21.7` is that one; `go1.21.7+auto` is at least that one, or what the tree asks for when that is newer. */
function named(name: string, mode: string | undefined, requirement: GoRequest['requirement']): WantedVersion {
  const version = releaseOf(name);
  if (!name.startsWith('go') || parseGoVersion(name) === undefined) {
    throw new FailureError({
      code: 'BAD_VALUE',
      variable: 'GOTOOLCHAIN',
      value: name,
      expected: 'local, auto, or a version such as go1.21.7',
    });
  }
  const mayDownload = mode !== 'path';
  if (
    mode !== undefined &&
    requirement !== undefined &&
    compareGoVersions(releaseOf(requirement.version), version) > 0
  ) {
    return {
      kind: 'version',
      version: releaseOf(requirement.version),
      exact: requirement.exact,
      from: requirement.from,
      mayDownload,
    };
  }
  return {
    kind: 'version',
    version,
    exact: mode === undefined,
    from: `GOTOOLCHAIN=${mode === undefined ? name : `${name}+${mode}`}`,
    mayDownload,
  };
}

/** `auto` and `path` are short for `local+auto` and `local+path`. */
function splitToolchain(text: string): [string, string | undefined] {
  if (text === '' || text === 'auto') return ['', undefined];
  if (text === 'path') return ['local', 'path'];
  const plus = text.indexOf('+');
  return plus < 0 ? [text, undefined] : [text.slice(0, plus), text.slice(plus + 1)];
}
