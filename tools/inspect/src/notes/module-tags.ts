import type { GoModule } from '@slipway/model';

/** A tag of a module: Go wants its directory before the version, as in `staging/src/k8s.io/api/v0.28.7`. */
export interface ModuleTag {
  readonly tag: string;
  /** Directory of the module; `.` for the root. */
  readonly dir: string;
  readonly version: string;
}

const VERSION = /^v\d+\.\d+(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]+)?$/;

/** Undefined for what is no version of a module of the tree: a branch, a commit, a tag of something else. */
export function readTag(tag: string, modules: readonly GoModule[]): ModuleTag | undefined {
  const slash = tag.lastIndexOf('/');
  const [dir, version] = [slash === -1 ? '.' : tag.slice(0, slash), tag.slice(slash + 1)];
  if (!VERSION.test(version)) return undefined;
  return dir === '.' || modules.some((module) => module.dir === dir) ? { tag, dir, version } : undefined;
}

/** What `git describe --match` takes for tags of the same module. */
export const tagPattern = ({ dir }: ModuleTag): string => (dir === '.' ? 'v[0-9]*' : `${dir}/v[0-9]*`);
