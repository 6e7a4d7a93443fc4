import type { GoModule } from '@slipway/model';

/** A tag of a module. Go requires its directory before the version: `staging/src/k8s.io/api/v0.28.7`. */
export interface ModuleTag {
  readonly tag: string;
  /** Directory of the module; `.` for the root. */
  readonly dir: string;
  readonly version: string;
}

const VERSION = /^v\d+\.\d+(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]+)?$/;

/** Undefined for a word that is not a version of one of the tree's modules: a branch, a commit, another tag. */
export function readTag(tag: string, modules: readonly GoModule[]): ModuleTag | undefined {
  const slash = tag.lastIndexOf('/');
  const [dir, version] = [slash === -1 ? '.' : tag.slice(0, slash), tag.slice(slash + 1)];
  if (!VERSION.test(version)) return undefined;
  return dir === '.' || modules.some((module) => module.dir === dir) ? { tag, dir, version } : undefined;
}

/** The pattern of `git describe --match` for tags of the same module. */
export const tagPattern = ({ dir }: ModuleTag): string => (dir === '.' ? 'v[0-9]*' : `${dir}/v[0-9]*`);
