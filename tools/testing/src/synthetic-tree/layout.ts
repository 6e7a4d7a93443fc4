import { nouns } from './words.ts';
import { type Random, seededRandom } from './random.ts';
import { type Area, type CommandRow, type Part, areas, commandRows, totals } from './shape.ts';
import { type PackageKind, type SyntheticModule, mainModulePath, stagingDomain } from './synthetic-tree.ts';

/** A package that has a place and no imports yet. */
export interface Placed {
  readonly importPath: string;
  readonly dir: string;
  readonly name: string;
  readonly kind: PackageKind;
  readonly module: SyntheticModule;
  /** Of its module among the staging modules; a package imports from modules up to its own. */
  readonly rank: number;
  readonly command?: CommandRow;
  readonly area?: Area;
}

export interface Layout {
  readonly modules: readonly SyntheticModule[];
  /** By area, then those no command needs; vendor before staging before main, staging by rank. */
  readonly groups: readonly { readonly area: Area | undefined; readonly packages: readonly Placed[] }[];
  /** Packages of each command that only it has, `main` last. */
  readonly commands: readonly { readonly row: CommandRow; readonly packages: readonly Placed[] }[];
}

const stagingNames = `
base records machinery wire storage-kit client code-kit metrics cli-kit server-kit events cloud-kit node-kit volume-kit
network-kit leases probes streams mounting plugins metadata admission auth-kit controller-kit sample-server
sample-controller sample-cli pod-kit aggregator extensions-server
`
  .trim()
  .split(/\s+/);
const lastNames = ['extensions-server', 'aggregator'];

/** Decides what there is and where it lies. */
export function layOut(seed: string, scale: number): Layout {
  const random = seededRandom(seed, 'layout');
  const places = new Places(random, scale);
  const version = places.staging(0, 'version', 'version');
  const groups: Layout['groups'][number][] = [...areas]
    .sort((a, b) => b.users.length - a.users.length)
    .map((area, index) => ({ area, packages: places.area(area, index === 0 ? [version] : []) }));
  const commands = commandRows.map((row) => ({ row, packages: places.command(row) }));
  groups.push({ area: undefined, packages: places.rest() });
  return { modules: places.modules(), groups, commands };
}

/** Gives every package a path nobody else has, and counts them. */
class Places {
  readonly #random: Random;
  readonly #scale: number;
  readonly #nouns: readonly string[];
  readonly #main: SyntheticModule = { path: mainModulePath, part: 'main', version: '', dir: '.' };
  readonly #staging: SyntheticModule[];
  readonly #vendor: SyntheticModule[] = [];
  readonly #taken = new Set<string>();
  readonly #counts: Record<Part, number> = { vendor: 0, staging: 0, main: 0 };

  constructor(random: Random, scale: number) {
    this.#random = random;
    this.#scale = scale;
    this.#nouns = random.shuffle(nouns);
    const count = Math.max(5, Math.round(totals.stagingModules * Math.min(1, Math.sqrt(scale))));
    const names = [
      ...stagingNames.filter((name) => !lastNames.includes(name)).slice(0, count - lastNames.length),
      ...lastNames,
    ];
    this.#staging = names.map((name) => ({
      path: `${stagingDomain}/${name}`,
      part: 'staging',
      version: 'v0.0.0',
      dir: `staging/src/${stagingDomain}/${name}`,
    }));
  }

  modules(): SyntheticModule[] {
    return [this.#main, ...this.#staging, ...this.#vendor];
  }

  area(area: Area, given: readonly Placed[]): Placed[] {
    const size = (part: Part): number => Math.round(area[part] * this.#scale);
    return this.#group(
      { vendor: size('vendor'), staging: size('staging') - given.length, main: size('main') },
      area,
      given,
    );
  }

  /** The rest of the totals. */
  rest(): Placed[] {
    const left = (part: Part): number =>
      Math.max(1, Math.round(totals.packages[part] * this.#scale) - this.#counts[part]);
    return this.#group({ vendor: left('vendor'), staging: left('staging'), main: left('main') }, undefined, []);
  }

  #group(sizes: Record<Part, number>, area: Area | undefined, given: readonly Placed[]): Placed[] {
    const staging = Array.from({ length: Math.max(0, sizes.staging) }, () => this.#rankFor(area)).sort((a, b) => a - b);
    return [
      ...this.#vendored(sizes.vendor, area),
      ...[
        ...staging.map((rank) =>
          this.staging(rank, this.#freshBelow(this.#staging[rank]!.path, 'pkg'), 'library', area),
        ),
        ...given,
      ].sort((a, b) => a.rank - b.rank),
      ...Array.from({ length: sizes.main }, () =>
        this.#ofMain(this.#freshBelow(mainModulePath, area?.dir ?? 'test/tools'), 'library', { area }),
      ),
    ];
  }

  /** Packages that more commands need lie in modules that depend on less; two modules are commands, and come last. */
  #rankFor(area: Area | undefined): number {
    const plain = this.#staging.length - lastNames.length;
    if (area === undefined) return this.#random.below(plain);
    if (area.dir === 'pkg/extending') return plain;
    if (area.dir === 'pkg/aggregating') return plain + 1;
    const middle = 1 - area.users.length / (commandRows.length + 3);
    return Math.min(plain - 1, Math.floor(plain * middle * (this.#random.next() + this.#random.next()) * 0.75));
  }

  staging(rank: number, below: string, kind: PackageKind, area?: Area): Placed {
    const module = this.#staging[rank]!;
    return this.#place({
      importPath: join(module.path, below),
      dir: join(module.dir, below),
      kind,
      module,
      rank,
      ...(area && { area }),
    });
  }

  #ofMain(below: string, kind: PackageKind, more: { area?: Area | undefined; command?: CommandRow }): Placed {
    const { area, command } = more;
    return this.#place({
      importPath: `${mainModulePath}/${below}`,
      dir: below,
      kind,
      module: this.#main,
      rank: Infinity,
      ...(area && { area }),
      ...(command && { command }),
    });
  }

  /** Modules of a few packages each. */
  #vendored(count: number, area: Area | undefined): Placed[] {
    const placed: Placed[] = [];
    while (placed.length < count) {
      const module = this.#newVendorModule();
      const size = Math.min(count - placed.length, this.#random.quantile([1, 1, 2, 5, 11, 30]));
      for (let i = 0; i < size; i++)
        placed.push(this.#ofVendor(module, i === 0 ? '' : this.#freshBelow(module.path, ''), 'library', area));
    }
    return placed;
  }

  #ofVendor(module: SyntheticModule, below: string, kind: PackageKind, area?: Area, command?: CommandRow): Placed {
    const importPath = join(module.path, below);
    return this.#place({
      importPath,
      dir: `vendor/${importPath}`,
      kind,
      module,
      rank: -1,
      ...(area && { area }),
      ...(command && { command }),
    });
  }

  #newVendorModule(path?: string): SyntheticModule {
    const random = this.#random;
    while (path === undefined || this.#taken.has(path)) {
      path = `${random.pick(['vendored.example', 'forge.vendored.example', 'parts.vendored.example'])}/${random.pick(this.#nouns)}/${random.pick(this.#nouns)}`;
    }
    const version = `v${path.endsWith('/v2') ? 2 : random.below(2)}.${random.below(30)}.${random.below(10)}`;
    const module: SyntheticModule = { path, part: 'vendor', version, dir: `vendor/${path}` };
    this.#vendor.push(module);
    return module;
  }

  command(row: CommandRow): Placed[] {
    if (row.part === 'vendor')
      return [
        this.#ofVendor(this.#newVendorModule('vendored.example/suite/v2'), 'suite-runner', 'main', undefined, row),
      ];
    const target = row.target.replace(/^vendor\//, '');
    if (row.part === 'main') {
      if (row.name.endsWith('.test'))
        return [this.#ofMain(target.slice(0, target.lastIndexOf('/')), 'suite', { command: row })];
      const main = this.#ofMain(target, 'main', { command: row });
      return row.bare ? [main] : [this.#ofMain(`${target}/app`, 'app', { command: row }), main];
    }
    const rank = this.#staging.findIndex((module) => `${target}/`.startsWith(`${module.path}/`));
    const below = target.slice(this.#staging[rank]!.path.length + 1);
    const main = { ...this.staging(rank, below, 'main'), command: row };
    return row.bare ? [main] : [{ ...this.staging(rank, join(below, 'cmd/app'), 'app'), command: row }, main];
  }

  /** A directory below `prefix` that is free: families of half a dozen packages, a parent and its children. */
  #freshBelow(modulePath: string, prefix: string): string {
    const first = seededRandom(modulePath, prefix).below(this.#nouns.length);
    for (let index = 0; ; index++) {
      const family = this.#nouns[(first + Math.floor(index / 6)) % this.#nouns.length]!;
      const round = Math.floor(index / 6 / this.#nouns.length);
      const member = index % 6 === 0 ? '' : this.#nouns[(index * 7 + 3) % this.#nouns.length]!;
      const below = join(prefix, `${family}${round === 0 ? '' : round + 1}`, member);
      if (!this.#taken.has(join(modulePath, below))) return below;
    }
  }

  #place(place: Omit<Placed, 'name'>): Placed {
    this.#taken.add(place.importPath);
    this.#counts[place.module.part] += 1;
    return {
      ...place,
      name:
        place.kind === 'main'
          ? 'main'
          : place.importPath.slice(place.importPath.lastIndexOf('/') + 1).replaceAll('-', ''),
    };
  }
}

const join = (...elements: readonly string[]): string => elements.filter((element) => element !== '').join('/');
