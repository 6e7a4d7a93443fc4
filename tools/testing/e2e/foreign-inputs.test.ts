import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Clone } from '../src/clone.ts';
import { expectDone } from '../src/expect-failure.ts';
import { type ForeignInput, inputsOfCommands, inputsOfTrees } from '../src/foreign-inputs.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { goMod } from '../src/observe/sources.ts';
import { seedGoCache } from '../src/observe/seed.ts';
import { goCommand } from '../src/slipway-process.ts';

const slugOf = ({ name }: ForeignInput): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

/** A tree with these rows, each before its edit. */
class Edited extends Clone {
  readonly #rows: readonly ForeignInput[];
  readonly environment: Record<string, string>;

  constructor(rows: readonly ForeignInput[], first?: Edited) {
    super(first);
    this.#rows = rows;
    const own = rows.flatMap((row) =>
      Object.entries(row.env ?? {}).map(([name, value]) => [name, this.#filled(row, value)]),
    );
    this.environment = { ...this.caches, ...(Object.fromEntries(own) as Record<string, string>) };
    this.write(goMod());
    this.#put('files').init('v1.0.0');
  }

  edit(): this {
    return this.#put('edit');
  }

  #put(what: 'files' | 'edit'): this {
    for (const row of this.#rows) {
      const entries = Object.entries(row[what]).map(([path, text]) => [
        this.#filled(row, path),
        text && this.#filled(row, text),
      ]);
      this.write(Object.fromEntries(entries) as Record<string, string>);
      mkdirSync(this.path(slugOf(row)), { recursive: true });
      if (row.prepare !== undefined)
        execFileSync('sh', ['-ec', this.#filled(row, row.prepare)], { cwd: this.path(slugOf(row)) });
    }
    return this;
  }

  #filled = (row: ForeignInput, text: string): string => text.replaceAll('@', slugOf(row)).replaceAll('%', this.dir);

  /** The output of each command. */
  async prints(): Promise<Readonly<Record<string, string>>> {
    expectDone(await this.slipway(['all'], { env: this.environment }));
    return Object.fromEntries(this.#rows.map((row) => [row.name, this.output(this.published(slugOf(row)))]));
  }

  /** The output of a command that plain Go builds from the present tree with an empty cache. */
  plainGo(row: ForeignInput): string {
    const cache = join(this.base, 'plain-cache');
    seedGoCache(cache);
    const env = { ...this.env, ...this.environment, GOCACHE: cache };
    const path = join(this.base, 'plain');
    const args = ['build', '-trimpath', '-buildvcs=false', '-o', path, `./cmd/${slugOf(row)}`];
    execFileSync(goCommand(), args, { cwd: this.dir, env, stdio: 'pipe' });
    return this.output(path);
  }
}

/** Rows that this machine can build. */
const possible = (rows: readonly ForeignInput[]): ForeignInput[] =>
  rows.filter(({ needs = [] }) => whyWithout('gcc', ...needs) === undefined);

interface Seen {
  readonly before: Readonly<Record<string, string>>;
  readonly wanted: Readonly<Record<string, string>>;
  readonly inAnother: Readonly<Record<string, string>>;
  readonly inTheFirst: Readonly<Record<string, string>>;
  readonly edited: Readonly<Record<string, string>>;
}

async function buildInTwoClones(rows: readonly ForeignInput[]): Promise<Seen> {
  await using one = new Edited(rows);
  const before = await one.prints();
  await using two = new Edited(rows, one);
  two.edit();
  const wanted = rows.map((row) => [row.name, row.after === 'as Go' ? two.plainGo(row) : '2']);
  const inAnother = await two.prints();
  const inTheFirst = await one.prints();
  const edited = await one.edit().prints();
  return { before, wanted: Object.fromEntries(wanted) as Record<string, string>, inAnother, inTheFirst, edited };
}

function expectRight({ before, wanted, inAnother, inTheFirst, edited }: Seen, { name }: ForeignInput): void {
  expect({
    'at first': before[name],
    'in another clone, after the edit': inAnother[name],
    'in the first clone, where nothing was edited': inTheFirst[name],
    'in the first clone, after the edit': edited[name],
  }).toEqual({
    'at first': '1',
    'in another clone, after the edit': wanted[name],
    'in the first clone, where nothing was edited': '1',
    'in the first clone, after the edit': wanted[name],
  });
}

describe('a file that one command reads is an input in every clone of a user', () => {
  let seen: Seen;
  beforeAll(async () => {
    const rows = possible(inputsOfCommands);
    if (rows.length > 0) seen = await buildInTwoClones(rows);
  });
  for (const row of inputsOfCommands)
    test(`${row.name} does`, unless(whyWithout('gcc', ...(row.needs ?? []))), () => expectRight(seen, row));
});

describe('a file that all commands of a tree read is an input in every clone of a user', () => {
  for (const row of inputsOfTrees)
    test(`${row.name} does`, unless(whyWithout('gcc', ...(row.needs ?? []))), async () => {
      expectRight(await buildInTwoClones([row]), row);
    });
});
