import type { Random } from '../synthetic-tree/random.ts';

/** When a file of a package counts: always, by a tag, by platform, or never. */
export const constraints = ['', 'extra', '!extra', 'linux', 'windows', 'ignore'] as const;
export type Constraint = (typeof constraints)[number];

/** One more file of a package: it adds its value to the package's sum when it is compiled. */
export interface PartFile {
  /** `part1.go`, `part1_windows.go`, `part1_test.go` */
  readonly name: string;
  readonly constraint: Constraint;
  readonly value: number;
}

interface Source {
  /** Relative to the root. */
  readonly dir: string;
  /** Ids of the packages it uses. */
  readonly imports: readonly string[];
  readonly body: number;
  /** Lines of comment above the function: they move its line numbers. */
  readonly above: number;
  /** Lines of comment below it, which move nothing. */
  readonly below: number;
  readonly files: readonly PartFile[];
}

export interface Package extends Source {
  /** Also the package's name; packages import only those of lower ids. */
  readonly id: string;
  readonly module: ModuleName;
  readonly constant: number;
  /** Embedded files by path: below `data/`, and `*.tmpl`. */
  readonly assets?: Readonly<Record<string, string>>;
  /** Values in its C file and in its header. */
  readonly native?: { readonly source: number; readonly header: number };
}

export interface Program extends Source {
  readonly name: string;
  readonly kind: 'command' | 'test';
}

export type ModuleName = 'tree' | 'words';

/** All that can be edited of a tree. Values, so that a branch is kept by keeping its model. */
export interface TreeModel {
  readonly packages: readonly Package[];
  readonly programs: readonly Program[];
  readonly goLines: Readonly<Record<ModuleName, string>>;
  /** The staging module is found by go.work, else by a replace line. */
  readonly workspace: boolean;
  /** Package that does not compile. */
  readonly broken?: string;
  /** Files no program needs, by path. */
  readonly others: Readonly<Record<string, string>>;
}

export const modulePaths: Readonly<Record<ModuleName, string>> = {
  tree: 'mutation.example/tree',
  words: 'mutation.example/words',
};
export const wordsDir = 'staging/src/mutation.example/words';

const PACKAGES = 14;
const STAGED = 4;

/** A small tree: packages in two modules that use each other, commands, and a test binary. */
export function makeModel(random: Random, { cgo }: { readonly cgo: boolean }): TreeModel {
  const packages: Package[] = [];
  for (let number = 0; number < PACKAGES; number++) packages.push(makePackage(number, packages, random));
  const ids = packages.map((one) => one.id);
  const extras: Readonly<Record<number, Partial<Package>>> = {
    [STAGED]: embedding,
    ...(cgo ? { [STAGED + 1]: native } : {}),
    2: constrained(random),
  };
  const imported = new Set(packages.flatMap((one) => one.imports));
  // Each package is in at least one program.
  const shares = new Map(names.map((name) => [name, someOf(random, ids, 2)]));
  for (const id of ids) if (!imported.has(id)) shares.get(random.pick(names))!.push(id);
  return {
    packages: packages.map((one, number) => ({ ...one, ...extras[number] })),
    programs: [...shares].map(([name, imports]): Program => {
      const isTest = name.endsWith('.test');
      return {
        name,
        kind: isTest ? 'test' : 'command',
        dir: isTest ? 'test/e2e' : `cmd/${name}`,
        ...source(random, imports),
      };
    }),
    goLines: { tree: '1.21', words: '1.21' },
    workspace: random.chance(0.5),
    others: { 'README.md': 'A tree.\n' },
  };
}

const names = ['alpha', 'beta', 'gamma', 'delta', 'e2e.test'];

function makePackage(number: number, before: readonly Package[], random: Random): Package {
  const staged = number < STAGED;
  const id = packageId(number);
  const near = before.slice(-5).map((one) => one.id);
  const dir = staged ? `${wordsDir}/${id}` : `pkg/${id}`;
  return {
    id,
    dir,
    module: staged ? 'words' : 'tree',
    constant: random.below(1000),
    ...source(random, someOf(random, near, 2)),
  };
}

const embedding: Partial<Package> = {
  assets: { 'data/one.txt': 'one', 'data/deep/two.txt': 'two', 'page.tmpl': 'page' },
};
const native: Partial<Package> = { native: { source: 1, header: 2 } };
const constrained = (random: Random): Partial<Package> => ({
  files: [part('part1_linux.go', '', random), part('part2_windows.go', '', random), part('part3.go', 'extra', random)],
});

/** `p03`: in the order in which they may import each other. */
export const packageId = (number: number): string => `p${String(number).padStart(2, '0')}`;

const source = (random: Random, imports: readonly string[]): Omit<Source, 'dir'> => ({
  imports: [...new Set(imports)].sort(),
  body: random.below(1000),
  above: 1,
  below: 0,
  files: [],
});

export const part = (name: string, constraint: Constraint, random: Random): PartFile => ({
  name,
  constraint,
  value: random.below(1000),
});

export const someOf = <T>(random: Random, list: readonly T[], most: number): T[] =>
  random.shuffle(list).slice(0, 1 + random.below(most));

/** `mutation.example/tree/pkg/p05` */
export function importPathOf({ module, dir }: Pick<Package, 'module' | 'dir'>): string {
  const below = module === 'words' ? dir.slice(wordsDir.length + 1) : dir;
  return `${modulePaths[module]}/${below}`;
}
