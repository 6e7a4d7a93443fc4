import { describe, expect, it } from 'vitest';
import { openIndex } from '../index/open-index.ts';
import { commandAt, GoTree, memoryExchange, testsOf } from './fixtures/go-tree.ts';
import { seal } from '../index/fixtures/seal.ts';

/** For manual runs: MUTATION_ROUNDS=1000 MUTATION_SEED=7. */
const rounds = Number(process.env['MUTATION_ROUNDS'] ?? 25);
const firstSeed = Number(process.env['MUTATION_SEED'] ?? 1);

/** The content of one package directory, written completely after each change. */
interface Package {
  readonly name: string;
  readonly dir: string;
  readonly files: Map<string, string>;
}

const COMMANDS = 3;
const PACKAGES = 9;
/** Packages with this number and higher are in the second module. */
const STAGED = 6;

class Mutants {
  readonly tree: GoTree;
  readonly packages: readonly Package[];
  readonly roots = [
    ...[...Array(COMMANDS).keys()].map((one) => commandAt(`example.org/app/p${one}`)),
    ...[1, 4, STAGED].map((one) => testsOf(importPathOf(one + COMMANDS))),
  ];
  private count = 0;
  private state: number;

  constructor(seed: number) {
    this.state = seed;
    this.tree = new GoTree(
      {
        'go.work': 'go 1.22\n\nuse (\n\t.\n\t./staging/lib\n)\n',
        'go.mod': 'module example.org/app\n\ngo 1.22\n',
        'staging/lib/go.mod': 'module example.org/lib\n\ngo 1.21\n',
      },
      { GOMODCACHE: '/var/empty/modules' },
    );
    this.tree.exchange = memoryExchange();
    this.tree.index = () => openIndex(this.tree.path('home/index'), { root: this.tree.root, seal });
    this.packages = [...Array(COMMANDS + PACKAGES).keys()].map((one) => {
      const found = { name: one < COMMANDS ? 'main' : `p${one}`, dir: dirOf(one), files: new Map<string, string>() };
      this.put(found, 'first.go', this.goFile(found, one));
      return found;
    });
  }

  /** mulberry32 */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  pick = <T>(items: readonly T[]): T => items[this.below(items.length)]!;

  /** Edits one file of another checkout, without a record. */
  mutateIn(other: GoTree): void {
    const number = this.below(this.packages.length);
    const found = this.packages[number]!;
    other.write(`${found.dir}/${[...found.files.keys()][0]!}`, this.goFile(found, number));
  }

  /** Makes one edit. `harmless`: it cannot change Go's list. */
  mutate(): { readonly name: string; readonly harmless: boolean } {
    const broken = this.packages.some((one) => one.files.has('broken.go'));
    const name =
      broken && this.below(2) === 0 ? 'mended' : (this.pick(Object.keys(this.edits)) as keyof Mutants['edits']);
    const number = this.below(this.packages.length);
    const found = this.packages[number]!;
    this.edits[name](found, number);
    return { name: `${name} ${found.dir}`, harmless: HARMLESS.has(name) };
  }

  readonly edits = {
    body: (one: Package) => this.change(one, (text) => `${text}\nvar Body${this.count++} = 1\n`),
    readme: (one: Package) => this.tree.write(`${one.dir}/README${this.count++}`, ''),
    imports: (one: Package, number: number) => this.put(one, 'first.go', this.goFile(one, number)),
    add: (one: Package, number: number) =>
      this.put(one, `f${this.count++}${this.pick(SUFFIXES)}.go`, this.constrained(this.goFile(one, number))),
    constraint: (one: Package) =>
      this.change(one, (text) => this.constrained(text.replace(/^\/\/go:build .*\n\n/, '')), 1),
    remove: (one: Package) => this.drop(one),
    rename: (one: Package) => {
      const text = this.drop(one);
      if (text !== undefined) this.put(one, `r${this.count++}${this.pick(SUFFIXES)}.go`, text);
    },
    assembly: (one: Package) =>
      this.tree.write(`${one.dir}/asm${this.pick(['_amd64', '_arm64', ''])}.s`, this.constrained('// nothing\n')),
    test: (one: Package, number: number) =>
      this.tree.write(
        `${one.dir}/x_test.go`,
        this.goFile({ ...one, name: this.pick([one.name, `${one.name}_test`]) }, number, 'TestVar'),
      ),
    embed: (one: Package) => {
      this.tree.write(`${one.dir}/data/d${this.below(2)}/file${this.count++}`, '');
      const pattern = this.pick(['data', 'data/d*', 'all:data', 'data/*/file*']);
      this.put(
        one,
        'embed.go',
        `package ${one.name}\n\nimport _ "embed"\n\nimport "embed"\n\n//go:embed ${pattern}\nvar Files embed.FS\n`,
      );
    },
    'embedded file': (one: Package) =>
      this.tree.write(`${one.dir}/data/d${this.below(3)}/${this.pick(['', '.', 'sub/'])}new${this.count++}`, ''),
    notes: (one: Package) => this.tree.write(`${one.dir}/notes.txt`, `${this.count++}`),
    cgo: (one: Package) => {
      this.tree.write(`${one.dir}/c.h`, '');
      this.put(
        one,
        'cgo.go',
        `package ${one.name}\n\n// #cgo CFLAGS: -DX=${this.count++}\n// #include "c.h"\nimport "C"\n`,
      );
    },
    'go line': () => this.tree.edit('go.mod', (text) => text.replace(/1\.\d+/, this.pick(['1.20', '1.21', '1.22']))),
    'missing import': (one: Package) =>
      this.put(one, 'broken.go', `package ${one.name}\n\nimport _ "example.org/app/gone"\n`),
    mended: () => {
      for (const one of this.packages) {
        if (one.files.delete('broken.go')) this.tree.remove(`${one.dir}/broken.go`);
      }
    },
  };

  /** Imports only packages with higher numbers, to avoid cycles. */
  private goFile(one: Package, number: number, variable = `V${this.count++}`): string {
    const above = [...Array(COMMANDS + PACKAGES).keys()].filter(
      (other) => other > number && other >= COMMANDS && this.below(3) === 0,
    );
    const imports = above
      .filter((other) => number < COMMANDS + STAGED || other >= COMMANDS + STAGED)
      .map((other) => `import _ "${importPathOf(other)}"\n`);
    return `package ${one.name}\n\n${imports.join('')}\nvar ${variable} = 1\n`;
  }

  private constrained(text: string): string {
    return (
      this.pick([
        '',
        '',
        '//go:build linux\n\n',
        '//go:build windows\n\n',
        '//go:build cgo\n\n',
        '//go:build never\n\n',
      ]) + text
    );
  }

  private put(one: Package, file: string, text: string): void {
    one.files.set(file, text);
    this.tree.write(`${one.dir}/${file}`, text);
  }

  private change(one: Package, edit: (text: string) => string, from = 0): void {
    const files = [...one.files.keys()].slice(from);
    if (files.length === 0) return;
    const file = this.pick(files);
    this.put(one, file, edit(one.files.get(file)!));
  }

  /** Never the first file, because the package needs it. */
  private drop(one: Package): string | undefined {
    const files = [...one.files.keys()].slice(1);
    if (files.length === 0) return undefined;
    const file = this.pick(files);
    const text = one.files.get(file);
    one.files.delete(file);
    this.tree.remove(`${one.dir}/${file}`);
    return text;
  }
}

const SUFFIXES = ['', '_linux', '_windows', '_arm64', '_linux_amd64'];
const HARMLESS: ReadonlySet<string> = new Set(['body', 'readme', 'notes']);

const isStaged = (number: number): boolean => number >= COMMANDS + STAGED;
const dirOf = (number: number): string => (isStaged(number) ? `staging/lib/p${number}` : `p${number}`);
const importPathOf = (number: number): string =>
  isStaged(number) ? `example.org/lib/p${number}` : `example.org/app/p${number}`;

describe('a kept graph', () => {
  it(`equals Go's answer after each of ${rounds} random edits, and harmless edits do not call Go`, async () => {
    const mutants = new Mutants(firstSeed);
    using tree = mutants.tree;
    const told: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const query = tree.query({ cgo: round % 2 === 0 });
      const edit = mutants.mutate();
      told.push(edit.name);
      const steady = tree.asked;
      const { graph, asked } = await tree.load(mutants.roots, tree.query({ cgo: true }));
      const sound = mutants.roots.every((root) => graph.closureOf(root).problem === undefined);
      if (edit.harmless && round > 0 && sound)
        expect([tree.asked - steady, asked], told.join('; ')).toEqual([0, undefined]);
      expect(await tree.differences(mutants.roots, query), told.join('; ')).toEqual([]);
      // Another checkout, one edit further, begins with this one's graph.
      if (round % 5 !== 4) continue;
      using twin = tree.twin();
      mutants.mutateIn(twin);
      expect(await twin.differences(mutants.roots, twin.query({ cgo: true })), told.join('; ')).toEqual([]);
    }
  });
});
