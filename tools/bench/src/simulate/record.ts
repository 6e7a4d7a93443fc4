// Makes a recording of an action graph of Go (`go build -debug-actiongraph=FILE`, with an empty GOCACHE) in a built
// tree:
//   node record.ts GRAPH WHAT [flags of go list…] | gzip -9n > recordings/NAME.json.gz
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedPackage, Recording } from './recording.ts';

interface GraphAction {
  readonly ID: number;
  readonly Mode: string;
  readonly Package: string;
  readonly Deps?: readonly number[];
  readonly CmdUser?: number;
  readonly CmdSys?: number;
}

interface Listed {
  readonly ImportPath: string;
  readonly Dir: string;
  readonly Standard?: boolean;
  readonly Export?: string;
  readonly [files: `${string}Files`]: readonly string[] | undefined;
}

const [graph, what, ...flags] = process.argv.slice(2);

const kinds = ['GoFiles', 'CgoFiles', 'CFiles', 'HFiles', 'SFiles', 'EmbedFiles'] as const;

function record(all: readonly GraphAction[], about: string): Recording {
  const builds = all.filter(({ Mode }) => Mode === 'build');
  const place = new Map(builds.map(({ ID }, at) => [ID, at]));
  const byPath = listed(builds.map(({ Package }) => Package));
  const packages = builds.map((action): RecordedPackage => {
    const from = byPath.get(action.Package);
    const sources = from === undefined || from.Standard === true ? [] : filesOf(from);
    const imports = (action.Deps ?? []).flatMap((each) => place.get(each) ?? []);
    return [
      cpuOf(action),
      sizeOf(from?.Export),
      sources.reduce((sum, file) => sum + sizeOf(file), 0),
      sources.length,
      imports,
    ];
  });
  const commands = all
    .filter(({ Mode }) => Mode === 'link')
    .map((action) => {
      const main = builds.findIndex(({ Package }) => Package === action.Package);
      const name = action.Package.split('/').at(-1)!;
      return { name, main, link: cpuOf(action), bytes: sizeOf(join('_output/local/go/bin', name)) };
    });
  return { what: about, packages, commands };
}

/** The CPU time of its programs, from nanoseconds to milliseconds. */
const cpuOf = ({ CmdUser = 0, CmdSys = 0 }: GraphAction): number => Math.round((CmdUser + CmdSys) / 1e6);

const sizeOf = (file: string | undefined): number =>
  file === undefined || file === '' ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);

const filesOf = (each: Listed): string[] =>
  kinds.flatMap((kind) => each[kind] ?? []).map((name) => join(each.Dir, name));

function listed(paths: readonly string[]): Map<string, Listed> {
  const fields = ['ImportPath', 'Dir', 'Standard', 'Export', ...kinds].join(',');
  const text = execFileSync('go', ['list', '-export', '-e', ...flags, `-json=${fields}`, ...paths], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const all = text.split(/(?<=^\})\n/m).filter((each) => each.trim() !== '');
  return new Map(all.map((each) => JSON.parse(each) as Listed).map((each) => [each.ImportPath, each]));
}

const actions = JSON.parse(readFileSync(graph!, 'utf8')) as GraphAction[];
console.log(JSON.stringify(record(actions, what!)));
