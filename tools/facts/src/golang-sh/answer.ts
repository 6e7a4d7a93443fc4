import {
  type ArchiveVersion,
  type Environment,
  type GoInvocation,
  type Linkage,
  type StampFlag,
  formatGoFlag,
  splitGoFlags,
} from '@slipway/model';
import { parseStamps } from '../stamps.ts';

/** The answer of a tree's scripts. */
export interface ScriptAnswer {
  /** Newer scripts leave it to go.mod. */
  readonly goPackage: string | undefined;
  /** Arrays of the scripts by name: `KUBE_SERVER_TARGETS`. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Go's name of each target and alias: an import path, or a directory `./cmd/x`. */
  readonly packages: Readonly<Record<string, string>>;
  readonly staticNames: readonly string[];
  readonly invocations: Readonly<Record<Linkage, GoInvocation>>;
  readonly fakeGopath: boolean;
  readonly stamps: readonly StampFlag[];
  readonly archive: ArchiveVersion | undefined;
  /** The oldest Go version that the scripts accept. */
  readonly minimumGo: string | undefined;
  readonly describeArgs: readonly string[] | undefined;
  readonly platformEnvironments: Readonly<Record<string, Environment>>;
}

/** `foreign`: a different script of the same name. `unclear`: the error in the answer. */
export type ParsedAnswer =
  | { readonly is: 'answer'; readonly answer: ScriptAnswer }
  | { readonly is: 'foreign' }
  | { readonly is: 'unclear'; readonly fact: string };

type Record_ = readonly [kind: string, ...fields: string[]];

/** The probe's binaries, one for each kind of linkage. */
const probeNames: readonly string[] = ['slipway-static', 'slipway-cgo', 'slipway.test'];

/** Variables that the planner sets itself, or that only name caches. */
const plannersOwn = new Set([
  'GOOS',
  'GOARCH',
  'GOPATH',
  'GOROOT',
  'GOCACHE',
  'GOMODCACHE',
  'GOFLAGS',
  'GOGCFLAGS',
  'GOLDFLAGS',
  'GO15VENDOREXPERIMENT',
]);

/** Parses the probe's output. */
export function parseAnswer(stdout: string): ParsedAnswer {
  const records = parseRecords(stdout);
  if (records === undefined || records.at(-1)?.[0] !== 'done') return { is: 'unclear', fact: 'the script ended early' };
  if (fieldsOf(records, 'foreign') !== undefined) return { is: 'foreign' };
  const failed = fieldsOf(records, 'failed');
  if (failed !== undefined) return { is: 'unclear', fact: `${failed[0]} failed` };
  const goPackage = fieldsOf(records, 'package')?.[0];
  const calls = callsOf(records);
  const found = {
    static: findCall(calls, 'slipway-static'),
    cgo: findCall(calls, 'slipway-cgo'),
    test: findCall(calls, 'slipway'),
  };
  const missing = Object.entries(found).find(([, call]) => call === undefined);
  if (missing !== undefined)
    return { is: 'unclear', fact: `kube::golang::build_binaries does not call go for a ${missing[0]} binary` };
  const stamps = parseStamps(fieldsOf(records, 'stamps')?.[0] ?? '');
  if (stamps === undefined)
    return { is: 'unclear', fact: 'kube::version::ldflags prints something else than -X flags' };
  const lists = Object.fromEntries(recordsOf(records, 'list').map(([name, ...items]) => [name!, items]));
  return {
    is: 'answer',
    answer: {
      goPackage,
      lists,
      packages: packagesOf(records),
      staticNames: staticNamesOf(lists, found.static!),
      invocations: {
        static: invocationOf(found.static!),
        cgo: invocationOf(found.cgo!),
        test: invocationOf(found.test!),
      },
      fakeGopath:
        goPackage !== undefined &&
        recordsOf(records, 'cd').some(([dir]) => dir!.replace(/\/+$/, '').endsWith(`/src/${goPackage}`)),
      stamps,
      minimumGo: fieldsOf(records, 'minimum')?.[0],
      archive: archiveOf(fieldsOf(records, 'archive') ?? []),
      describeArgs: describeArgsOf(fieldsOf(records, 'describe')),
      platformEnvironments: platformEnvironmentsOf(records),
    },
  };
}

/** Undefined unless the text consists of complete records. */
export function parseRecords(text: string): Record_[] | undefined {
  const fields = text.split('\0');
  if (fields.pop() !== '') return undefined;
  const records: Record_[] = [];
  for (let at = 0; at < fields.length;) {
    const count = Number(fields[at]);
    const record = fields.slice(at + 1, at + 1 + count);
    if (!Number.isInteger(count) || count < 1 || record.length < count) return undefined;
    records.push(record as unknown as Record_);
    at += 1 + count;
  }
  return records;
}

const recordsOf = (records: readonly Record_[], kind: string): string[][] =>
  records.filter(([name]) => name === kind).map(([, ...fields]) => fields);

const fieldsOf = (records: readonly Record_[], kind: string): string[] | undefined => recordsOf(records, kind)[0];

/** A call of go, with its packages and flags separated. */
interface GoCall {
  readonly flags: readonly string[];
  readonly packages: readonly string[];
  readonly env: Environment;
}

function callsOf(records: readonly Record_[]): GoCall[] {
  return records.flatMap((record, index) => {
    if (record[0] !== 'go') return [];
    const before = records[index - 1];
    return [splitCall(record.slice(1), before?.[0] === 'environment' ? before.slice(1) : [])];
  });
}

/** Normalized flags, without `-o FILE`. */
function splitCall([subcommand, ...words]: readonly string[], assignments: readonly string[]): GoCall {
  const { flags, rest } = splitGoFlags(words);
  const own = flags.filter(({ name }) => name !== 'o').map(formatGoFlag);
  return { flags: [subcommand!, ...own], packages: rest, env: environmentOf(assignments) };
}

const findCall = (calls: readonly GoCall[], name: string): GoCall | undefined =>
  calls.find(({ packages }) => packages.some((path) => path.endsWith(`/${name}`)));

const invocationOf = ({ flags, env }: GoCall): GoInvocation => ({ argv: flags, env: without(env, plannersOwn) });

function environmentOf(assignments: readonly string[]): Environment {
  return Object.fromEntries(
    assignments.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
}

const without = (env: Environment, names: ReadonlySet<string>): Environment =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)));

function packagesOf(records: readonly Record_[]): Record<string, string> {
  const targets = recordsOf(records, 'targets').flat();
  const packages = recordsOf(records, 'packages').flat();
  return Object.fromEntries(targets.map((target, index) => [target, packages[index] ?? target]));
}

/** The scripts' list, and all others that their rule links without cgo. */
function staticNamesOf(lists: Readonly<Record<string, readonly string[]>>, call: GoCall): string[] {
  const listed = [...(lists['KUBE_STATIC_LIBRARIES'] ?? []), ...(lists['KUBE_STATIC_BINARIES'] ?? [])];
  const built = call.packages.map((path) => path.slice(path.lastIndexOf('/') + 1));
  return [...new Set([...listed, ...built])].filter((name) => !probeNames.includes(name));
}

function archiveOf([state, commit, version]: readonly string[]): ArchiveVersion | undefined {
  if (state !== 'archive' || !commit) return undefined;
  return version ? { commit, version } : { commit };
}

/** The last word is the commit. */
const describeArgsOf = (words: readonly string[] | undefined): string[] | undefined =>
  words === undefined ? undefined : words.at(-1)?.startsWith('-') === false ? words.slice(0, -1) : [...words];

/** Only the variables that a platform adds: CC, CGO_ENABLED, and others that a tree sets for one platform. */
function platformEnvironmentsOf(records: readonly Record_[]): Record<string, Environment> {
  const entries = records.flatMap((record, index) => {
    if (record[0] !== 'platform') return [];
    const env = environmentOf(records[index - 1]!.slice(1));
    return [[record[1]!, without(env, new Set([...plannersOwn, 'GO111MODULE', 'GOPROXY']))] as const];
  });
  return Object.fromEntries(entries);
}
