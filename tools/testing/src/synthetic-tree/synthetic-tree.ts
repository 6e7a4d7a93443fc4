import type { Area, CommandRow, Part } from './shape.ts';

export interface SyntheticTreeOptions {
  /** The same seed and scale give the same bytes. Default 1. */
  readonly seed?: number | string;
  /** 1 is the size of Kubernetes; 0.01 a few dozen packages. Default 1. */
  readonly scale?: number;
}

export interface SyntheticModule {
  readonly path: string;
  readonly part: Part;
  readonly version: string;
  /** Relative to the root. */
  readonly dir: string;
}

/** `app` does a command's work and imports the top of each area it needs; `suite` is the directory of the test binary. */
export type PackageKind = 'library' | 'version' | 'main' | 'app' | 'suite';

export interface SyntheticPackage {
  readonly importPath: string;
  /** Where its files really are, relative to the root: staging/src/…, not the link in vendor/. */
  readonly dir: string;
  readonly name: string;
  readonly kind: PackageKind;
  readonly module: SyntheticModule;
  /** The command it belongs to alone, for its main, app and suite packages. */
  readonly command?: CommandRow;
  /** Undefined for what no command needs, and for packages of commands. */
  readonly area?: Area;
  /** Packages of the tree it imports, by import path. */
  readonly imports: readonly string[];
}

/** Everything that is decided before a byte is written. */
export interface SyntheticTree {
  readonly seed: string;
  readonly scale: number;
  readonly modules: readonly SyntheticModule[];
  /** Dependencies first. */
  readonly packages: readonly SyntheticPackage[];
}

/** Where the main module and the staging modules live. */
export const mainModulePath = 'fleet.example/tree';
export const stagingDomain = 'staging.example';

/** Import paths a package needs, itself included. */
export function closureOf(tree: SyntheticTree, importPath: string): ReadonlySet<string> {
  const byPath = new Map(tree.packages.map((each) => [each.importPath, each]));
  const reached = new Set<string>();
  const pending = [importPath];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    pending.push(...(byPath.get(path)?.imports ?? []));
  }
  return reached;
}
