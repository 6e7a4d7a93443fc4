import type { Closure, GraphPackage, GraphRoot, PackageGraph } from './port.ts';

/**
 * All differences between the kept graph and Go's current answer, one on each line. `slipway graph check` passes
 * without any.
 */
export function checkGraph(kept: PackageGraph, fresh: PackageGraph, roots: readonly GraphRoot[]): string[] {
  const seen = new Set<string>();
  return roots.flatMap((root) => {
    const [had, has] = [kept.closureOf(root), fresh.closureOf(root)];
    const name = root.test ? `tests of ${root.importPath}` : root.importPath;
    return [...membership(name, had, has), ...contents(had, has, seen)];
  });
}

function membership(name: string, kept: Closure, fresh: Closure): string[] {
  const [had, has] = [kept, fresh].map((closure) => new Set(closure.packages.map((one) => one.importPath))) as [
    Set<string>,
    Set<string>,
  ];
  return [
    ...(kept.problem === fresh.problem ? [] : [`${name}: ${differ('problem', kept.problem, fresh.problem)}`]),
    ...[...has.difference(had)].map((path) => `${name}: package ${path} is missing`),
    ...[...had.difference(has)].map((path) => `${name}: package ${path} is no longer imported`),
  ];
}

/** Differences of packages that both have, each once. */
function contents(kept: Closure, fresh: Closure, seen: Set<string>): string[] {
  const before = new Map(kept.packages.map((one) => [one.importPath, one]));
  return fresh.packages.flatMap((has) => {
    const had = before.get(has.importPath);
    if (had === undefined || seen.has(has.importPath)) return [];
    seen.add(has.importPath);
    return packageDifferences(had, has).map((line) => `package ${has.importPath}: ${line}`);
  });
}

/** Every field of a package is compared. A field without a row is a compile error. */
const comparisons: {
  readonly [F in keyof Omit<GraphPackage, 'importPath'>]: (had: GraphPackage[F], has: GraphPackage[F]) => string[];
} = {
  dir: (had, has) => single('directory', had, has),
  files: (had, has) => lists('file', had, has),
  imports: (had, has) => lists('import', had, has),
  fixedBy: (had, has) => single('module', had, has),
  goVersion: (had, has) => single('go line', had, has),
};

const packageDifferences = (had: GraphPackage, has: GraphPackage): string[] => [
  ...comparisons.dir(had.dir, has.dir),
  ...comparisons.files(had.files, has.files),
  ...comparisons.imports(had.imports, has.imports),
  ...comparisons.fixedBy(had.fixedBy, has.fixedBy),
  ...comparisons.goVersion(had.goVersion, has.goVersion),
];

const single = (what: string, had: string | undefined, has: string | undefined): string[] =>
  had === has ? [] : [differ(what, had, has)];

const differ = (what: string, had: string | undefined, has: string | undefined): string =>
  `${what} kept ${had ?? 'none'}, now ${has ?? 'none'}`;

function lists(what: string, had: readonly string[], has: readonly string[]): string[] {
  const [before, now] = [new Set(had), new Set(has)];
  return [
    ...has.filter((one) => !before.has(one)).map((one) => `${what} ${one} is missing`),
    ...had.filter((one) => !now.has(one)).map((one) => `${what} ${one} is no longer there`),
  ];
}
