import type { Importing, Violation } from './importing.ts';

/** An import that matches the selector must begin with an allowed prefix and with no forbidden one. */
export interface ImportRule {
  readonly selector: RegExp;
  readonly allowed: readonly string[];
  readonly forbidden: readonly string[];
  /** Also applies to indirect imports; for inverse rules, to indirect importers. */
  readonly transitive: boolean;
}

/** One `.import-restrictions` file. */
export interface RuleFile {
  readonly path: string;
  readonly rules: readonly ImportRule[];
  readonly inverseRules: readonly ImportRule[];
}

type Kind = 'rules' | 'inverseRules';

/**
 * The violations by the rules of Kubernetes' import-boss (1.30). The first rule that allows or forbids an import
 * decides, in the files from a package's directory up to its module's root, nearest first. An import that rules match
 * but none decides is a violation, too.
 */
export function bossViolations(
  packages: readonly Importing[],
  filesOf: (place: string) => readonly RuleFile[],
): Violation[] {
  const imports = importGraph(packages);
  const importers = importerGraph(packages);
  return packages.flatMap(({ importPath, place }) => {
    const files = place === undefined ? [] : filesOf(place);
    const judged = (kind: Kind, { direct, indirect }: ImportGraph): Refusal[] => {
      const near = direct(importPath);
      const transitive = files.some((file) => file[kind].some((rule) => rule.transitive));
      const all = transitive ? new Set([...near, ...indirect(importPath)]) : near;
      return files.some((file) => file[kind].length > 0)
        ? [...all]
            .filter((path) => path !== importPath)
            .sort()
            .flatMap((path) => judge(path, files, kind, near.has(path)) ?? [])
        : [];
    };
    return [
      ...judged('rules', imports).map(({ path, ...rule }) => ({ importPath, imports: path, ...rule })),
      ...judged('inverseRules', importers).map(({ path, ...rule }) => ({
        importPath: path,
        imports: importPath,
        ...rule,
      })),
    ];
  });
}

interface Refusal {
  readonly path: string;
  readonly file: string;
  readonly why: string;
}

function judge(path: string, files: readonly RuleFile[], kind: Kind, direct: boolean): Refusal | undefined {
  let undecided: Refusal | undefined;
  for (const file of files)
    for (const { selector, transitive, forbidden, allowed } of file[kind]) {
      if ((!transitive && !direct) || !selector.test(path)) continue;
      const prefix = forbidden.find((each) => hasPathPrefix(path, each));
      if (prefix !== undefined) return { path, file: file.path, why: `forbidden by the prefix '${prefix}'` };
      if (allowed.some((each) => hasPathPrefix(path, each))) return undefined;
      undecided ??= { path, file: file.path, why: 'not among the allowed prefixes' };
    }
  return undecided;
}

/** `a/b` begins with `a` and `a/`, but `a/bee` does not begin with `a/b`. Everything begins with the empty prefix. */
function hasPathPrefix(path: string, prefix: string): boolean {
  const whole = prefix.replace(/\/+$/, '');
  return whole === '' || path === whole || path.startsWith(`${whole}/`);
}

/** One direction of imports: to imported packages, or to importers. */
interface ImportGraph {
  readonly direct: (importPath: string) => ReadonlySet<string>;
  /** The indirect ones. */
  readonly indirect: (importPath: string) => ReadonlySet<string>;
}

const testsOf = ({ testImports, externalTestImports }: Importing): string[] => [...testImports, ...externalTestImports];

function importGraph(packages: readonly Importing[]): ImportGraph {
  const byPath = new Map(packages.map((one) => [one.importPath, one]));
  const plain = (path: string): readonly string[] => byPath.get(path)?.imports ?? [];
  const direct = (path: string): Set<string> => new Set([...plain(path), ...testsOf(byPath.get(path)!)]);
  return { direct, indirect: (path) => reach(direct(path), plain) };
}

/** Nobody imports a test, so every chain ends there. */
function importerGraph(packages: readonly Importing[]): ImportGraph {
  const own = packages.filter(({ place }) => place !== undefined);
  const importers = invert(own, ({ imports }) => imports);
  const testers = invert(own, testsOf);
  const plain = (path: string): readonly string[] => importers.get(path) ?? [];
  const direct = (path: string): Set<string> => new Set([...plain(path), ...(testers.get(path) ?? [])]);
  const indirect = (path: string): Set<string> => {
    const ways = reach(new Set(plain(path)), plain);
    return new Set([...ways, ...[...ways].flatMap((way) => testers.get(way) ?? [])]);
  };
  return { direct, indirect };
}

function invert(packages: readonly Importing[], of: (one: Importing) => readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const one of packages)
    for (const path of new Set(of(one))) {
      const known = found.get(path);
      if (known === undefined) found.set(path, [one.importPath]);
      else known.push(one.importPath);
    }
  return found;
}

function reach(from: Iterable<string>, next: (path: string) => readonly string[]): Set<string> {
  const found = new Set(from);
  for (const path of found) for (const each of next(path)) found.add(each);
  return found;
}
