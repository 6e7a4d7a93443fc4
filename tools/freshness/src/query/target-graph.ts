import type { GraphPackage } from '../graph/port.ts';

/** The rule names of Gazelle for Go. */
export type TargetKind = 'go_binary' | 'go_library' | 'go_test';

/** A package of the tree or of its imports, or a test binary of the tree. Without the standard library. */
export interface QueryTarget {
  /** `//pkg/x`, `//pkg/x:x.test`; `@example.com/lib` outside of the tree. */
  readonly label: string;
  readonly kind: TargetKind;
  readonly importPath: string;
  /** Absolute. */
  readonly dir: string;
}

/** The graph for queries: plain data, as it is kept between runs. */
export interface TargetGraph {
  /** Sorted by label. */
  readonly targets: readonly QueryTarget[];
  /** The imports of each target, by number. */
  readonly imports: readonly (readonly number[])[];
}

/** Facts that the package graph does not contain. */
export interface TargetNames {
  labelOf(one: Pick<GraphPackage, 'importPath' | 'dir'>): string;
  isMain(one: GraphPackage): boolean;
}

/** Packages by import path, including test variants, which become part of their test binary. */
export function targetGraph(packages: readonly GraphPackage[], names: TargetNames): TargetGraph {
  const plain = new Map<string, GraphPackage>();
  const tests = new Map<string, Set<string>>();
  for (const one of packages) {
    const [path = '', variant] = one.importPath.split(' ');
    const binary = variant?.slice(1, -1) ?? (isTestMain(one) ? path : undefined);
    if (binary === undefined) {
      if (!plain.has(path)) plain.set(path, one);
    } else if ([binary, `${tested(binary)}_test`, tested(binary)].includes(path)) {
      const imports = tests.get(binary) ?? new Set([tested(binary)]);
      for (const each of one.imports) imports.add(each.split(' ')[0]!);
      tests.set(binary, imports);
    }
  }
  const all: { target: QueryTarget; imports: Iterable<string> }[] = [...plain.values()].map((one) => ({
    target: {
      label: names.labelOf(one),
      kind: names.isMain(one) ? 'go_binary' : 'go_library',
      importPath: one.importPath,
      dir: one.dir,
    },
    imports: one.imports,
  }));
  for (const [binary, imports] of tests) {
    const of = plain.get(tested(binary));
    if (of !== undefined) all.push({ target: testTarget(of, binary, names), imports });
  }
  all.sort((one, other) => (one.target.label < other.target.label ? -1 : 1));
  const numbers = new Map(all.map(({ target }, index) => [target.importPath, index]));
  return {
    targets: all.map(({ target }) => target),
    imports: all.map(({ imports }, from) =>
      [...imports].flatMap((path) => numbers.get(path) ?? []).filter((to) => to !== from),
    ),
  };
}

function testTarget(of: GraphPackage, binary: string, names: TargetNames): QueryTarget {
  const label = names.labelOf(of);
  return {
    label: `${label}:${label.slice(label.lastIndexOf('/') + 1)}.test`,
    kind: 'go_test',
    importPath: binary,
    dir: of.dir,
  };
}

const tested = (binary: string): string => binary.slice(0, -'.test'.length);

/** Go writes its only file. */
const isTestMain = ({ importPath, files }: GraphPackage): boolean => importPath.endsWith('.test') && files.length === 0;
