import type { Importing, Violation } from './importing.ts';

/** One entry of staging/publishing/import-restrictions.yaml. */
export interface ImportRestriction {
  /** As written. */
  readonly base: string;
  /** Relative to the root, with links resolved. */
  readonly place: string;
  readonly ignored: readonly string[];
  /** Import paths, including everything below. */
  readonly allowed: readonly string[];
  readonly excludeTests: boolean;
}

/**
 * The violations by the rules of Kubernetes' importverifier: imports below `domain` (`k8s.io/`) that are not allowed
 * for packages below a base.
 */
export function restrictionViolations(
  packages: readonly Importing[],
  restrictions: readonly ImportRestriction[],
  { file, domain }: { readonly file: string; readonly domain: string },
): Violation[] {
  const own = packages.filter((one) => one.place !== undefined);
  return restrictions.flatMap(({ base, place, ignored, allowed, excludeTests }) => {
    const restricted = own.filter(
      (one) => isBelow(one.place!, place) && !ignored.some((tree) => isBelow(one.place!, tree)),
    );
    const isAllowed = (path: string): boolean => allowed.some((root) => isBelow(path, root));
    return restricted.flatMap((one) =>
      [...new Set([...one.imports, ...(excludeTests ? [] : [...one.testImports, ...one.externalTestImports])])]
        .filter((path) => path.startsWith(domain) && path !== one.importPath && !isAllowed(path))
        .sort()
        .map((path) => ({
          importPath: one.importPath,
          imports: path,
          file,
          why: `not among allowedImports of ${base}`,
        })),
    );
  });
}

const isBelow = (path: string, tree: string): boolean => path === tree || path.startsWith(`${tree}/`) || tree === '.';
