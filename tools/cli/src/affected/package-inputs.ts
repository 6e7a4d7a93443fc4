import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { type ClosureInputs, type GraphPackage, isSource } from '@slipway/freshness';
import { gitNames } from './git-names.ts';

/** The files of packages by git's names: relative to the root, with `..` outside of it. */
export interface PackageInputs {
  /** Without modules of the module cache, which never change. */
  of(packages: readonly GraphPackage[]): ClosureInputs;
  /** All files of the packages. */
  read(packages: readonly GraphPackage[]): readonly string[];
  /** Reports whether an absolute path is below the root or in its repository. Compilers mostly read other files. */
  inRepository(path: string): boolean;
  /** The names of other absolute paths. */
  named(paths: Iterable<string>): readonly string[];
}

export function packageInputs(root: string): PackageInputs {
  const names = gitNames(root);
  const top = repositoryOf(root);
  const known = new Map<GraphPackage, ClosureInputs>();
  const one = (each: GraphPackage): ClosureInputs => {
    const dir = names.real(each.dir);
    const files = each.files.flatMap((file) => {
      const path = `${each.dir}/${file}`;
      const real = names.real(path);
      return isSource(real) && dirname(real) === dir ? [] : [real, ...names.links(path)];
    });
    return { dirs: [dir], files: [...names.links(each.dir), ...files] };
  };
  const remembered = (each: GraphPackage): ClosureInputs => {
    const found = known.get(each) ?? one(each);
    known.set(each, found);
    return found;
  };
  return {
    of(packages) {
      const all = packages.filter(isChanging).map(remembered);
      const sorted = (list: readonly string[]): string[] => [...new Set(list)].sort();
      return { dirs: sorted(all.flatMap(({ dirs }) => dirs)), files: sorted(all.flatMap(({ files }) => files)) };
    },
    read: (packages) =>
      packages.filter(isChanging).flatMap(({ dir, files }) => files.map((file) => names.real(`${dir}/${file}`))),
    inRepository: (path) => path.startsWith(`${top}/`),
    named: (paths) => [...paths].flatMap((path) => [names.real(path), ...names.links(path)]),
  };
}

const isChanging = ({ fixedBy, dir }: GraphPackage): boolean => fixedBy === undefined && dir !== '';

const repositoryOf = (root: string): string => {
  for (let dir = root; dir !== dirname(dir); dir = dirname(dir)) if (existsSync(join(dir, '.git'))) return dir;
  return root;
};
