import { Problems, type Check, type Problem } from './check.ts';
import { isOtherPlatform, withAllPlatforms, type LockedPackage } from './lock-platforms.ts';
import type { Tree } from './tree.ts';

/** package-lock.json, and that of the generator of the site, fits its manifests, names no host and pins all; no manifest of ours runs scripts at installation. */
export const lock: Check = (tree) => {
  complete(tree);
  const manifests = tree.list().filter((path) => /^(?:tools\/[^/]+\/)?package\.json$/.test(path));
  const site = tree.exists('hack/site/package.json') ? ['hack/site/package.json'] : [];
  Problems.throwIfAny([
    ...[...manifests, ...site].flatMap((path) => manifestProblems(path, readJson<Manifest>(tree, path))),
    ...lockProblems(tree, manifests),
    ...site.flatMap(() => lockProblems(tree, site, 'hack/site/')),
  ]);
};

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

type Manifest = { readonly [kind in (typeof kinds)[number]]?: Readonly<Record<string, string>> } & {
  readonly scripts?: Readonly<Record<string, string>>;
};

interface LockFile {
  readonly packages: Readonly<Record<string, Manifest & LockedPackage>>;
}

function complete(tree: Tree): void {
  if (!tree.exists('package-lock.json')) return;
  const file = readJson<LockFile>(tree, 'package-lock.json');
  const packages = withAllPlatforms(file.packages);
  if (packages !== file.packages)
    tree.write('package-lock.json', `${JSON.stringify({ ...file, packages }, null, 2)}\n`);
}

const installScripts = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];

function manifestProblems(path: string, manifest: Manifest): Problem[] {
  const loose = kinds
    .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version));
  const scripts = installScripts.filter((name) => manifest.scripts?.[name] !== undefined);
  return [
    ...loose.map(([name, version]) => ({ path, what: `${name} ${version} is no exact version` })),
    ...scripts.map((name) => ({ path, what: `script ${name} would run at installation` })),
  ];
}

/** `of` is the folder of the lock file; its paths are relative to it. */
function lockProblems(tree: Tree, manifests: readonly string[], of = ''): Problem[] {
  const path = `${of}package-lock.json`;
  if (!tree.exists(path)) return [{ path, what: 'is missing: npm install' }];
  const { packages } = readJson<LockFile>(tree, path);
  const stale = manifests.filter((manifest) => {
    const written = readJson<Manifest>(tree, manifest);
    const locked = packages[manifest.slice(of.length).replace(/\/?package\.json$/, '')];
    return kinds.some((kind) => !sameTable(written[kind], locked?.[kind]));
  });
  return [
    ...stale.map((manifest) => ({ path, what: `does not fit ${manifest}: npm install` })),
    ...Object.entries(packages).flatMap(([name, entry]) => {
      const what = entryProblem(name, entry);
      return what === undefined ? [] : [{ path, what: `${name} ${what}` }];
    }),
  ];
}

function entryProblem(name: string, entry: LockedPackage): string | undefined {
  if (entry.link === true || !name.includes('node_modules/')) return undefined;
  if (entry.resolved !== undefined)
    return `is resolved to ${entry.resolved}: npm install with this repository's .npmrc leaves that out`;
  return entry.integrity === undefined && !isOtherPlatform(entry) ? 'has no integrity' : undefined;
}

const sameTable = (a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean =>
  Object.keys({ ...a, ...b }).every((name) => a[name] === b[name]);

const readJson = <T>(tree: Tree, path: string): T => JSON.parse(tree.read(path)) as T;
