import type { Difference, FileComparison } from '../compare/comparison.ts';

/**
 * The probable causes of a difference between two builds of one artifact, in words, without consequences of other
 * causes.
 */
export function causesOf(file: FileComparison): string[] {
  if (file.is === 'identical') return [];
  if (file.is !== 'different') return [`${file.path} is packed on one side only`];
  const inMembers = (file.members ?? []).flatMap(causesOf);
  return [...new Set([...causesOfDifferences(file.differences), ...inMembers])];
}

function causesOfDifferences(differences: readonly Difference[]): string[] {
  const found = rows.flatMap(({ of, cause }) => {
    const told = differences.filter((each) => each.kind === of).map((each) => cause(each as never, differences));
    return told.filter((each) => each !== undefined);
  });
  return found.length > 0 || differences.length === 0 ? found : ['unknown: only the bytes tell'];
}

type OfKind<K extends Difference['kind']> = Extract<Difference, { kind: K }>;

interface Row<K extends Difference['kind'] = Difference['kind']> {
  readonly of: K;
  /** Undefined if it says nothing, or another difference says it better. */
  cause(difference: OfKind<K>, all: readonly Difference[]): string | undefined;
}

const row = <K extends Difference['kind']>(of: K, cause: Row<K>['cause']): Row<never> => ({ of, cause }) as never;

const has = (all: readonly Difference[], test: (difference: Difference) => boolean): boolean => all.some(test);
const isTrimming = (each: Difference): boolean => each.kind === 'setting' && each.name === '-trimpath';

const rows: readonly Row<never>[] = [
  row('compression', () => 'another compressor, or another level of it'),
  row('headers', ({ field }) => headerCauses[field] ?? `another ${field} in the headers of the archive`),
  row('order', () => 'members packed in another order'),
  row('mode', () => 'another umask, or a release of slipway that gave other modes'),
  row('platform', () => 'built for another platform'),
  row('go-version', ({ a, b }) =>
    minorOf(a) === minorOf(b)
      ? `another patch release of Go (${a ?? 'none'}, not ${b ?? 'none'})`
      : `another Go (${a ?? 'none'}, not ${b ?? 'none'})`,
  ),
  row('main-package', () => 'another program'),
  row('module', ({ name }) => `another version of ${name}`),
  row('setting', settingCause),
  row('section', ({ first }, all) =>
    first?.text !== undefined && !has(all, isTrimming) && isPath(first.text.a) && isPath(first.text.b)
      ? 'built in another directory'
      : undefined,
  ),
  row('build-id', ({ says }, all) => {
    if (has(all, ({ kind }) => ['go-version', 'setting', 'module', 'platform'].includes(kind))) return undefined;
    if (says.includes('linker flags')) return 'another stamp, or other linker flags';
    return says.includes('was compiled to other bytes') ? 'another source, or other compiler flags' : undefined;
  }),
  row('text', ({ a, b }) => (isDigestLine(a) && isDigestLine(b) ? 'follows from what it lists' : 'another text')),
  row('link', () => 'another source'),
  row('damage', ({ side, fact }) => `the ${side === 'a' ? 'published' : 'rebuilt'} one is damaged: ${fact}`),
];

const headerCauses: Readonly<Record<string, string>> = {
  time: 'another time in the headers of the archive',
  owner: 'another owner in the headers of the archive',
  group: 'another owner in the headers of the archive',
  mode: 'another umask, or a release of slipway that gave other modes',
};

/** Without -trimpath Go also records the flags that it otherwise leaves out. */
function settingCause({ name, a, b }: OfKind<'setting'>, all: readonly Difference[]): string | undefined {
  if (name === '-trimpath') return 'built without -trimpath, so in another directory';
  if (name.startsWith('vcs')) return 'stamped by Go with another state of the repository';
  const leftOut = has(all, isTrimming) && (a === undefined || b === undefined);
  return leftOut ? undefined : `other flags: ${name} (${a ?? 'none'}, not ${b ?? 'none'})`;
}

const minorOf = (version: string | undefined): string | undefined => /^go1\.\d+/.exec(version ?? '')?.[0];
const isPath = (text: string): boolean => /(?:^|[^\w.])\/[\w.-]+\/[\w.-]+/.test(text);
const isDigestLine = (line: string): boolean => /[0-9a-f]{64}/.test(line);
