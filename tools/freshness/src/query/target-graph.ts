import type { GraphPackage } from '../graph/port.ts';

/** As Gazelle names the rules it writes for Go. */
export type TargetKind = 'go_binary' | 'go_library' | 'go_test';

/** One package of the tree or one it imports, or the test binary of a package of the tree. The standard library is none. */
export interface QueryTarget {
  /** `//pkg/x`, `//pkg/x:x.test`; `@example.com/lib` for what lies outside of the tree. */
  readonly label: string;
  readonly kind: TargetKind;
  readonly importPath: string;
  /** Absolute. */
  readonly dir: string;
}

/** All that queries are put to. Plain data, as it is kept between runs. */
export interface TargetGraph {
  /** Sorted by label. */
  readonly targets: readonly QueryTarget[];
  /** By number: what each imports. */
  readonly imports: readonly (readonly number[])[];
}

/** What the graph of packages does not say. */
export interface TargetNames {
  labelOf(one: Pick<GraphPackage, 'importPath' | 'dir'>): string;
  isMain(one: GraphPackage): boolean;
}

/** Packages by import path, variants for tests among them: these become part of the test binary they are made for. */
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

/** Its one file is written by Go. */
const isTestMain = ({ importPath, files }: GraphPackage): boolean => importPath.endsWith('.test') && files.length === 0;
