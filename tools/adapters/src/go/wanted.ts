import { FailureError } from '@slipway/model';
import type { GoRequest } from './port.ts';
import { compareGoVersions, parseGoVersion, releaseOf } from './version.ts';

/** The required Go: any on PATH, or a version. */
export type WantedGo = { readonly kind: 'host'; readonly from: string } | WantedVersion;

export interface WantedVersion {
  readonly kind: 'version';
  /** A release; undefined: any. */
  readonly version: string | undefined;
  /** Exactly this version; otherwise newer ones are accepted. */
  readonly exact: boolean;
  readonly from: string;
  readonly mayDownload: boolean;
}

/** In this order: GOTOOLCHAIN (as in the trees' own scripts), FORCE_HOST_GO, the tree's requirement. */
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

/** Reports whether a Go of this version meets the requirement. */
export function fits(version: string, wanted: WantedVersion): boolean {
  if (wanted.version === undefined) return true;
  const order = compareGoVersions(version, wanted.version);
  return wanted.exact ? order === 0 : order >= 0;
}

/** `go1.21.7` is exactly that version; `go1.21.7+auto` is that version or the tree's, whichever is newer. */
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
