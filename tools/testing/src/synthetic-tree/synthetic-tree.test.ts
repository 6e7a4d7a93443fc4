import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { cleanEnvironment } from '../slipway-process.ts';
import {
  type SyntheticFile,
  type SyntheticTree,
  closureOf,
  planSyntheticTree,
  syntheticFiles,
  writeSyntheticTree,
} from './index.ts';

const tiny = { scale: 0.01 } as const;
const directory = mkdtempSync(join(tmpdir(), 'synthetic-tree-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function digest(files: Iterable<SyntheticFile>): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.path}\0${'link' in file ? file.link : file.text}\0`);
  return hash.digest('hex');
}

const commandsOf = (tree: SyntheticTree): Map<string, number> =>
  new Map(
    tree.packages
      .filter((each) => each.kind === 'main' || each.kind === 'suite')
      .map((each) => [each.command!.name, closureOf(tree, each.importPath).size]),
  );

describe('the same seed', () => {
  test('gives the same bytes for the same seed, and different bytes for another', () => {
    const of = (seed: number): string => digest(syntheticFiles(planSyntheticTree({ seed, ...tiny })));
    expect(of(7)).toBe(of(7));
    expect(of(8)).not.toBe(of(7));
  });

  test('gives the bytes it gave when this was written', () => {
    expect(digest(syntheticFiles(planSyntheticTree({ seed: 1, ...tiny })))).toMatchInlineSnapshot(
      `"ce1358a9b78b1e95c9416d9df0c0bc606931b03c4d4857dad2e4079a4826b8eb"`,
    );
  });
});

describe('at scale 1', () => {
  const tree = planSyntheticTree();
  const around = (count: number, share = 0.04): { least: number; most: number } => ({
    least: count * (1 - share),
    most: count * (1 + share),
  });
  const expectAround = (actual: number, count: number, share?: number): void => {
    const { least, most } = around(count, share);
    expect(actual).toBeGreaterThan(least);
    expect(actual).toBeLessThan(most);
  };

  test('there are as many packages as in Kubernetes 1.28, in the same parts', () => {
    const count = (part: string): number => tree.packages.filter((each) => each.module.part === part).length;
    expect([count('vendor'), count('staging'), count('main')]).toEqual([1016, 1316, 1150]);
    expect(tree.modules.filter((module) => module.part === 'staging')).toHaveLength(30);
    expect(new Set(tree.packages.map((each) => each.importPath)).size).toBe(tree.packages.length);
  });

  test('there are as many files', () => {
    const paths = [...syntheticFiles(tree)].map((file) => file.path);
    expect(new Set(paths).size).toBe(paths.length);
    expectAround(paths.length, 24_221);
    expectAround(paths.filter((path) => path.endsWith('.go')).length, 15_542);
    expectAround(paths.filter((path) => path.endsWith('_test.go')).length, 2365, 0.08);
  });

  test('the commands need as many packages', () => {
    const commands = commandsOf(tree);
    expect(commands.size).toBe(17);
    expect([...commands.keys()].filter((name) => name.endsWith('.test'))).toEqual(['e2e.test']);
    for (const [name, size] of [
      ['apiserver', 1691],
      ['nodelet', 1552],
      ['ctl', 636],
      ['controllers', 2070],
      ['e2e.test', 1972],
    ] as const) {
      expectAround(commands.get(name)!, size);
    }
  });

  test('imports go one way: to packages before, in vendor, staging, main order', () => {
    const order = ['vendor', 'staging', 'main'];
    const seen = new Map<string, string>();
    const isFine = (path: string, part: string): boolean =>
      seen.has(path) && order.indexOf(seen.get(path)!) <= order.indexOf(part);
    const wrong = tree.packages.flatMap((each) => {
      seen.set(each.importPath, each.module.part);
      return each.imports
        .filter((path) => path === each.importPath || !isFine(path, each.module.part))
        .map((path) => `${each.importPath} → ${path}`);
    });
    expect(wrong).toEqual([]);
  });
});

test.each([0.001, 0.03, 0.1])('at scale %d every command is there', (scale) => {
  expect(commandsOf(planSyntheticTree({ scale })).size).toBe(17);
});

describe('with Go', () => {
  const root = join(directory, 'tree');
  const tree = writeSyntheticTree(root, { ...tiny, git: true });
  const run = async (program: string, ...args: string[]): Promise<string> => {
    const env = { ...cleanEnvironment(directory), CGO_ENABLED: '0' };
    return (await promisify(execFile)(program, args, { cwd: root, env })).stdout;
  };

  test('the synthetic tree has the files that were promised', () => {
    for (const file of syntheticFiles(tree)) {
      const path = join(root, file.path);
      expect('link' in file ? readlinkSync(path) : readFileSync(path, 'utf8')).toBe(
        'link' in file ? file.link : file.text,
      );
    }
    expect(spawnSync('git', ['describe', '--tags'], { cwd: root, encoding: 'utf8' }).stdout).toBe('v1.0.0\n');
    expect(spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).stdout).toBe('');
  });

  test('go finds the closures that were planned', async () => {
    const importPath = `${tree.modules[0]!.path}/cmd/apiserver`;
    const listed = (await run('go', 'list', '-deps', '-f', '{{if not .Standard}}{{.ImportPath}}{{end}}', importPath))
      .split('\n')
      .filter((line) => line !== '');
    expect(listed.sort()).toEqual([...closureOf(tree, importPath)].sort());
  });

  test('every package builds, and vet is content', async () => {
    await run('go', 'vet', '-trimpath', ...tree.packages.map((each) => each.importPath));
    expect(await run('go', 'build', '-trimpath', './...', ...tree.packages.map((each) => each.importPath))).toBe('');
  });

  test('the formatter would change nothing', async () => {
    expect(await run('gofmt', '-l', '.')).toBe('');
  });
});
