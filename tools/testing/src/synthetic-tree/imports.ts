import { type Area, distributions, parts } from './shape.ts';
import { seededRandom } from './random.ts';
import type { Layout, Placed } from './layout.ts';
import type { SyntheticPackage } from './synthetic-tree.ts';

/**
 * Draws the imports between packages. A package imports earlier packages of its area, or packages of areas that all its
 * commands need anyway; each is imported by a later one in its area. So a command that imports the last package of each
 * of its areas needs exactly those areas, and there are no cycles.
 */
export function drawImports(layout: Layout, seed: string): SyntheticPackage[] {
  const result: SyntheticPackage[] = [];
  for (const { area, packages } of layout.groups) {
    const below = layout.groups
      .filter((group) => group.area !== undefined && isNeededByMore(group.area, area))
      .map((group) => group.packages);
    const given = assignImporters(packages, seed);
    for (const [index, each] of packages.entries()) {
      const own = packages.slice(0, index);
      result.push(withImports(each, [...given.get(each)!, ...drawOthers(each, [own, ...below], seed)]));
    }
  }
  return [...result, ...layout.commands.flatMap(({ row, packages }) => commandPackages(layout, row.name, packages))];
}

const isNeededByMore = (candidate: Area, area: Area | undefined): boolean =>
  area === undefined ||
  (candidate.users.length > area.users.length && area.users.every((user) => candidate.users.includes(user)));

/** Every package but the last gets an importer that is not far away. */
function assignImporters(packages: readonly Placed[], seed: string): Map<Placed, Placed[]> {
  const imports = new Map<Placed, Placed[]>(packages.map((each) => [each, []]));
  const last = packages.length - 1;
  for (const [index, each] of packages.slice(0, -1).entries()) {
    const reach = Math.min(last - index, Math.max(6, Math.floor(last / 5)));
    const importer = packages[index + 1 + seededRandom(seed, 'importer', each.importPath).below(reach)]!;
    imports.get(importer)!.push(each);
  }
  return imports;
}

/** How much of what others import is vendored, or staging's. */
const nearness = { vendor: 0.4, staging: 1.6, main: 1 } as const;

/** The first of a group are the ones everybody needs. */
function drawOthers(importer: Placed, groups: readonly (readonly Placed[])[], seed: string): Placed[] {
  const random = seededRandom(seed, 'imports', importer.importPath);
  const allowed = groups.map((group) => group.filter((each) => mayImport(importer, each)));
  const choices = allowed
    .flatMap((group) => parts.map((part) => group.filter((each) => each.module.part === part)))
    .filter((group) => group.length > 0);
  const weights = choices.map(
    (group) =>
      Math.sqrt(group.length) * (group[0]!.module.part === importer.module.part ? 1 : nearness[group[0]!.module.part]),
  );
  const wanted = choices.length === 0 ? 0 : random.quantile(distributions.imports[importer.module.part]);
  return Array.from({ length: wanted }, () => {
    const group = choices[weighted(weights, random.next())]!;
    const toward = random.next();
    return group[Math.floor(group.length * toward * toward * toward)]!;
  });
}

/** Vendored code knows nothing of the tree, staging modules nothing of the main one nor of staging modules above them. */
function mayImport(importer: Placed, other: Placed): boolean {
  if (other.kind === 'main' || other.command !== undefined) return false;
  if (importer.module.part === 'main') return true;
  return (
    other.module.part === 'vendor' ||
    (importer.module.part === 'staging' && other.module.part === 'staging' && other.rank <= importer.rank)
  );
}

function weighted(weights: readonly number[], at: number): number {
  let left = at * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  return index === -1 ? weights.length - 1 : index;
}

/** The first package of a command imports the top of each of its areas, the others the one before them. */
function commandPackages(layout: Layout, name: string, packages: readonly Placed[]): SyntheticPackage[] {
  const [first] = packages;
  const needed = layout.groups
    .filter(({ area }) => area?.users.some((user) => user === name))
    .flatMap((group) => group.packages.slice(-1));
  const version = layout.groups[0]!.packages.filter(
    (each) => each.kind === 'version' && needed.includes(layout.groups[0]!.packages.at(-1)!),
  );
  return packages.map((each, index) =>
    withImports(each, each === first ? [...needed, ...version] : [packages[index - 1]!]),
  );
}

const withImports = ({ rank: _rank, ...each }: Placed, imports: readonly Placed[]): SyntheticPackage => ({
  ...each,
  imports: [...new Set(imports.map((other) => other.importPath))].sort(),
});
