import { hash } from 'node:crypto';
import { join } from 'node:path';
import { type Statement, isRecord, parseStatement, readForeign } from '@slipway/adapters';
import { findVariable, isProfile } from '@slipway/catalog';
import { type Environment, FailureError, type Profile, limits } from '@slipway/model';
import { PROVENANCE } from './set-files.ts';

/** The settings of a set, from its provenance, as far as a rebuild repeats them. */
export interface Recorded {
  readonly commit: string | undefined;
  /** The tree had no uncommitted changes. */
  readonly clean: boolean;
  readonly go: string | undefined;
  readonly profile: Profile;
  readonly variables: Environment;
  /** The variables that the user gave, not computed ones. */
  readonly given: Environment;
  /** Variables of the provenance that a rebuild does not repeat. */
  readonly leftOut: Environment;
  readonly compressor: string | undefined;
  /** The version of slipway's release process, from the provenance's `buildType`: `release/v1`. */
  readonly form: string | undefined;
}

/** A set's statement about how it was made. */
export interface Provenance {
  readonly statement: Statement;
  readonly recorded: Recorded;
  /** sha256 of the file. */
  readonly digest: string;
}

/** Throws BAD_ARCHIVE for an invalid one. `named` is the user's name of the directory. */
export async function readProvenance(directory: string, named = directory): Promise<Provenance> {
  const path = join(named, PROVENANCE);
  const refused = (fact: string): FailureError => new FailureError({ code: 'BAD_ARCHIVE', path, fact });
  const read = await readForeign(join(directory, PROVENANCE), limits.statement.bytes);
  if ('problem' in read) throw refused(read.problem);
  const statement = parseStatement(read.bytes);
  if (typeof statement === 'string') throw refused(statement);
  const recorded = readRecorded(statement);
  if (typeof recorded === 'string') throw refused(recorded);
  return { statement, recorded, digest: hash('sha256', read.bytes) };
}

/**
 * Variables that a foreign provenance may set here. Flags of Go and names of programs are not included, because they
 * can run anything on this machine; users can set them themselves.
 */
const REPEATED =
  /^(?:KUBE_(?:CGO_OVERRIDES|STATIC_OVERRIDES|BUILD_WITH_COVERAGE|BUILD_CONFORMANCE|BUILD_HYPERKUBE|DOCKER_REGISTRY|DOCKER_IMAGE_TAG|BASE_IMAGE_REGISTRY|GIT_(?:COMMIT|TREE_STATE|VERSION|MAJOR|MINOR)|[A-Z0-9_]+_BASE_IMAGE|GORUNNER_IMAGE|BUILD_SETCAP_IMAGE)|KUBECTL_BASE_IMAGE|SLIPWAY_COMPRESSION|DBG)$/;
/** Contained in other fields, or implied by what is rebuilt. */
const SAID_OTHERWISE = /^(?:WHAT|KUBE_BUILD_PLATFORMS|KUBE_FASTBUILD|KUBE_BUILDER_OS|SOURCE_DATE_EPOCH|GO_VERSION)$/;

/** A text says what is missing. */
export function readRecorded({ predicate }: Statement): Recorded | string {
  const definition = recordIn(predicate, 'buildDefinition');
  const external = recordIn(definition, 'externalParameters');
  const internal = recordIn(definition, 'internalParameters');
  const dependencies = definition['resolvedDependencies'];
  const named = (name: string): Readonly<Record<string, unknown>> =>
    (Array.isArray(dependencies) ? (dependencies as unknown[]).filter(isRecord) : []).find(
      (each) => each['name'] === name,
    ) ?? {};
  const profile = external['profile'];
  const platforms = external['platforms'];
  if (typeof profile !== 'string' || !isProfile(profile)) return 'its provenance does not say a profile of slipway';
  if (
    !Array.isArray(platforms) ||
    platforms.length > limits.platforms.count ||
    !platforms.every((each) => typeof each === 'string' && /^[a-z0-9]+\/[a-z0-9]+$/.test(each))
  )
    return 'its provenance does not say for which platforms it was built';
  const commit = textIn(recordIn(named('source'), 'digest'), 'gitCommit');
  // It becomes part of a command that a person may copy.
  if (commit !== undefined && !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    return 'its provenance names no commit of git';
  const source = textIn(named('source'), 'uri')?.replace(/^git\+/, '');
  const published =
    source !== undefined && findVariable('SLIPWAY_SOURCE')!.expected!.test.test(source) ? source : undefined;
  const time = internal['time'];
  const version = textIn(internal, 'version');
  const go = textIn(recordIn(named('go'), 'annotations'), 'version');
  const said = Object.entries(recordIn(external, 'variables')).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !SAID_OTHERWISE.test(entry[0]),
  );
  const isRepeated = ([name, value]: [string, string]): boolean =>
    REPEATED.test(name) && (findVariable(name)?.expected?.test.test(value) ?? true);
  const given = Object.entries(recordIn(external, 'variables')).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && (/^(?:SOURCE_DATE_EPOCH|GO_VERSION)$/.test(entry[0]) || REPEATED.test(entry[0])),
  );
  return {
    given: {
      ...Object.fromEntries(given),
      ...(published && { SLIPWAY_SOURCE: published }),
      KUBE_BUILD_PLATFORMS: platforms.join(' '),
    },
    commit,
    clean: recordIn(named('source'), 'annotations')['clean'] === true,
    go,
    profile,
    variables: {
      ...(version === undefined || version.endsWith('-dirty') ? {} : { KUBE_GIT_VERSION: version }),
      ...Object.fromEntries(said.filter(isRepeated)),
      ...(published && { SLIPWAY_SOURCE: published }),
      KUBE_BUILD_PLATFORMS: platforms.join(' '),
      ...(Number.isSafeInteger(time) ? { SOURCE_DATE_EPOCH: String(time) } : {}),
      ...(go !== undefined && /^\d+\.\d+(\.\d+)?$/.test(go) ? { GO_VERSION: go } : {}),
    },
    leftOut: Object.fromEntries(said.filter((each) => !isRepeated(each))),
    compressor: textIn(internal, 'compressor'),
    form: textIn(definition, 'buildType')?.replace(/^https:\/\/slipway\.example\//, ''),
  };
}

function recordIn(of: Readonly<Record<string, unknown>>, field: string): Readonly<Record<string, unknown>> {
  const value = of[field];
  return isRecord(value) ? value : {};
}

function textIn(of: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = of[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
