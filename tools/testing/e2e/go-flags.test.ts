import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { expectDone } from '../src/expect-failure.ts';
import { Repo } from '../src/repo-rig.ts';
import { goCommand } from '../src/slipway-process.ts';

/** A command that prints its build tags. */
const tagged = (config = ''): Repo =>
  new Repo('empty')
    .write({
      'go.mod': 'module plain.example/tagged\n\ngo 1.21\n',
      ...(config === '' ? {} : { 'slipway.config.ts': `export default { ${config} };\n` }),
      'cmd/a/a.go': 'package main\n\nvar seen = "built with"\n\nfunc main() { println(seen) }\n',
      ...Object.fromEntries(
        ['own', 'x', 'y'].map((tag) => [
          `cmd/a/${tag}.go`,
          `//go:build ${tag}\n\npackage main\n\nfunc init() { seen += " ${tag}" }\n`,
        ]),
      ),
    })
    .init('v1.2.3');

async function built(tree: Repo, ...args: string[]): Promise<string> {
  expectDone(await tree.slipway(['all', ...args]));
  return tree.output(tree.published('a'));
}

describe('flags in WHAT', () => {
  test("have Go's meaning, in every spelling that Go takes", async () => {
    await using tree = tagged();
    const spellings = [
      '-tags=x,y',
      '--tags=x,y',
      '-tags x,y',
      '--tags x,y',
      "'-tags=x y'",
      `-tags "x y"`,
      '-tags=own -tags=x,y',
    ];
    const seen: [string, string][] = [];
    for (const spelling of spellings) {
      seen.push([spelling, await built(tree, `WHAT=cmd/a ${spelling}`)]);
      expect(await built(tree)).toBe('built with');
    }
    expect(await built(tree, 'WHAT=-v -tags x,y cmd/a')).toBe('built with x y');
    expect(seen).toEqual(spellings.map((spelling) => [spelling, 'built with x y']));
    expect((await tree.slipway(['all', '-n', 'WHAT=--race=1 cmd/a'])).stdout).toContain(' -race ');
  });

  test("and tags are joined with the tree's, like those of GOFLAGS", async () => {
    await using tree = tagged("tags: ['own']");
    expect(await built(tree)).toBe('built with own');
    expect(await built(tree, 'GOFLAGS=--tags=x')).toBe('built with own x');
    expect(await built(tree, 'WHAT=cmd/a --tags x')).toBe('built with own x');
    expect(await built(tree, 'WHAT=cmd/a -tags=y', "GOFLAGS='-tags=x'")).toBe('built with own x y');
  });

  test.each([
    ['WHAT', '-tgas=x', '-tgas in WHAT: go build has no such flag'],
    ['WHAT', '-o out', '-o=out: '],
    ['WHAT', '-C cmd', '-C=cmd: '],
    ['WHAT', '-n', '-n: '],
    ['GOFLAGS', '-n', '-n: '],
    ['GOFLAGS', '-o=out', '-o=out: '],
  ])('%s=%s is refused by its name', async (variable, flag, says) => {
    await using tree = tagged();
    const { exit, stderr } = await tree.slipway(['all', `${variable}=${flag}`]);
    expect(exit).toBe(2);
    expect(stderr).toContain(says);
  });
});

describe('-buildvcs', () => {
  const stamp = (tree: Repo): Record<string, string> => {
    const text = execFileSync(goCommand(), ['version', '-m', tree.path(tree.published('a'))], { encoding: 'utf8' });
    return Object.fromEntries(
      [...text.matchAll(/vcs\.(revision|modified)=(\S+)/g)].map(([, name, value]) => [name, value]),
    );
  };

  test.each([
    ['WHAT', ['WHAT=cmd/a -buildvcs=true']],
    ['GOFLAGS', ['GOFLAGS=--buildvcs']],
  ])('in %s makes Go stamp its findings again after each change', async (_where, args) => {
    await using tree = tagged();
    const seen: unknown[] = [];
    const look = async (): Promise<void> => {
      await built(tree, ...args);
      seen.push(stamp(tree));
    };
    await look();
    const first = tree.git('rev-parse', 'HEAD');
    tree.commit('empty');
    await look();
    const second = tree.git('rev-parse', 'HEAD');
    tree.write({ 'notes.txt': 'words' });
    await look();
    tree.write({ 'notes.txt': undefined });
    await look();
    expect(seen).toEqual([
      { revision: first, modified: 'false' },
      { revision: second, modified: 'false' },
      { revision: second, modified: 'true' },
      { revision: second, modified: 'false' },
    ]);
    const { stdout } = await tree.slipway(['all', '--explain', ...args]);
    expect(stdout).toContain('-buildvcs');
    expect(stdout).not.toContain('nothing changed');
  });

  test("of the tree's own scripts makes Go stamp its findings, too", async () => {
    await using tree = tagged();
    const make = async (): Promise<string> => {
      await built(tree, '--profile', 'make');
      return stamp(tree)['modified']!;
    };
    expect(await make()).toBe('false');
    tree.write({ 'notes.txt': 'words' });
    expect(await make()).toBe('true');
  });
});
