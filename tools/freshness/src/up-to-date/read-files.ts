import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import type { Action, GoToolchain, ReadFile, ReadFiles } from '@slipway/model';
import type { GraphPackage } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import { type Identity } from './identity.ts';
import { moduleCacheOf, sumsIn } from './module-files.ts';
import { pathOf } from './output-file.ts';

interface Reading {
  readonly root: string;
  readonly index: ContentIndex;
  readonly toolchain: GoToolchain;
  readonly identities: ReadonlyMap<Action, Identity>;
}

/** Named inputs that belong to Go. */
const GO = 'go/';

/** The files that actions read, from the inputs of their keys; nothing is listed again. */
export function readFilesOf(actions: readonly Action[], reading: Reading): ReadFiles {
  const { root, index, toolchain } = reading;
  const identities = actions.flatMap((action) => reading.identities.get(action) ?? []);
  const packages = [...new Set(identities.flatMap(({ closure }) => closure?.packages ?? []))];
  const named = new Map(
    actions.flatMap(({ inputs }) =>
      inputs.flatMap((input) => (input.kind === 'named' ? [[input.name, pathOf(root, input.path)] as const] : [])),
    ),
  );
  const own = [...named].filter(([name]) => !name.startsWith(GO)).map(([, path]) => path);
  const paths = new Set([
    ...own,
    ...packages.flatMap(({ dir, files }) => files.map((file) => `${dir}/${file}`)),
    ...moduleFilesAbove(packages, root),
    ...identities.flatMap(({ reads }) => [...(reads?.paths ?? [])]),
  ]);
  const moduleCache = moduleCacheOf(packages);
  const sums = moduleCache === undefined ? { files: [], directories: [] } : sumsIn(own, moduleCache);
  for (const path of sums.files) paths.add(path);
  const files = [...paths]
    .filter((path) => !path.startsWith(`${toolchain.goroot}/`))
    .flatMap((path) => readFile(path, index));
  return {
    files,
    directories: sums.directories,
    moduleCache,
    toolchain: [...named].flatMap(([name, path]) => {
      const digest = name.startsWith(GO) ? index.digest(path) : '';
      return /^[0-9a-f]{64}$/.test(digest) ? [{ name: name.slice(GO.length), digest }] : [];
    }),
    problem: problemOf(identities),
  };
}

/** A missing file counts, too, and must then be missing on a worker. */
function readFile(path: string, index: ContentIndex): ReadFile[] {
  const { kind, stat, digest } = index.look(path);
  return kind === 'file' && stat !== undefined ? [{ path, digest, size: stat.size }] : [];
}

function problemOf(identities: readonly Identity[]): string | undefined {
  if (identities.some(({ closure }) => closure === undefined)) return 'what it reads is not a closure of packages';
  return identities.find(({ problem }) => problem !== undefined)?.problem;
}

/** A package belongs to the module of the nearest go.mod above it. */
function moduleFilesAbove(packages: readonly GraphPackage[], root: string): string[] {
  const dirs = new Set<string>();
  for (const { dir } of packages.filter(({ fixedBy }) => fixedBy === undefined))
    for (let at = dir; at.startsWith(`${root}/`) && !dirs.has(at); at = dirname(at)) dirs.add(at);
  return [...dirs].map((dir) => join(dir, 'go.mod')).filter((file) => existsSync(file));
}
