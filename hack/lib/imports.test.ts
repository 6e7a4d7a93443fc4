import { describe, expect, test } from 'vitest';
import { imports } from './imports.ts';
import { problemsOf } from './planted.ts';

const manifest = (name: string, ...dependencies: string[]): string =>
  JSON.stringify({
    name: `@slipway/${name}`,
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '0.0.0'])),
  });

const sound = {
  'tools/model/package.json': manifest('model'),
  'tools/model/src/index.ts': 'export type Name = string;\n',
  'tools/plan/package.json': manifest('plan', '@slipway/model', '@slipway/catalog'),
  'tools/plan/src/index.ts':
    "import type { Name } from '@slipway/model';\nimport { join } from 'node:path/posix';\nexport { a } from './a.ts';\n",
  'tools/plan/src/index.test.ts': "import { test } from 'vitest';\nimport { tmpdir } from 'node:os';\n",
  'tools/run/package.json': manifest('run', '@slipway/model', '@slipway/adapters'),
  'tools/run/src/index.ts': "import type { Files } from '@slipway/adapters';\n",
  'tools/adapters/package.json': manifest('adapters', 'execa'),
  'tools/adapters/src/process/real.ts': "import { execa } from 'execa';\n",
};

const problemsWith = (files: Record<string, string>): Promise<readonly string[]> =>
  problemsOf(imports, { ...sound, ...files });

test('a tree that keeps the table has no problems', async () => {
  expect(await problemsWith({})).toEqual([]);
});

describe('a planted violation is named with file and line', () => {
  test.each<[string, string, string, string]>([
    [
      'a thread whose program is a text',
      'tools/adapters/src/process/bad.ts',
      '\nexport const options = { eval: true };\n',
      'tools/adapters/src/process/bad.ts:2: evaluated has no place in adapters: a thread runs a module, which compiler and linter read',
    ],
    [
      'a folder that the table keeps apart',
      'tools/freshness/src/store/bad.ts',
      "\nimport { a } from '../index/a.ts';\n",
      'tools/freshness/src/store/bad.ts:2: ../index/a.ts is of a folder that this one knows nothing of; share what lies below both',
    ],
    [
      'a script of build/ that reads files itself',
      'build/bad.ts',
      "import { readFileSync } from 'node:fs';\n",
      'build/bad.ts:1: build may not import node:fs',
    ],
    [
      'a package above',
      'tools/model/src/bad.ts',
      "\nimport { a } from '@slipway/plan';\n",
      'tools/model/src/bad.ts:2: model may not import @slipway/plan',
    ],
    [
      'a type of a package above',
      'tools/model/src/bad.ts',
      "import type { A } from '@slipway/plan';",
      'bad.ts:1: model may not import @slipway/plan',
    ],
    [
      'a re-export',
      'tools/model/src/bad.ts',
      "export * from '@slipway/plan';",
      'bad.ts:1: model may not import @slipway/plan',
    ],
    [
      'an import over several lines',
      'tools/plan/src/bad.ts',
      "import {\n  a,\n  b,\n} from '@slipway/adapters';",
      'bad.ts:1: plan may not import @slipway/adapters',
    ],
    [
      'a dynamic import',
      'tools/plan/src/bad.ts',
      "const a = await import('node:fs');",
      'bad.ts:1: plan may not import node:fs',
    ],
    [
      'the disk while planning',
      'tools/plan/src/bad.ts',
      "import { readFileSync } from 'node:fs';",
      'bad.ts:1: plan may not import node:fs',
    ],
    [
      'a way round the package name',
      'tools/plan/src/bad.ts',
      "import { a } from '../../adapters/src/index.ts';",
      'leaves tools/plan',
    ],
    [
      'more than a port',
      'tools/run/src/bad.ts',
      "import { realFiles } from '@slipway/adapters';",
      'run may import types only from @slipway/adapters',
    ],
    [
      'an undeclared package',
      'tools/run/src/bad.test.ts',
      "import { a } from '@slipway/testing';",
      '@slipway/testing is not in tools/run/package.json',
    ],
    [
      'a second importer',
      'tools/adapters/src/git/real.ts',
      "import { execa } from 'execa';",
      'execa has its importer already',
    ],
    [
      'a program that is started by itself',
      'tools/adapters/src/git/real.ts',
      "import { spawn } from 'node:child_process';",
      'git/real.ts:1: node:child_process starts programs',
    ],
    ['printing', 'tools/plan/src/bad.ts', "const a = 1;\nconsole.log('x');", 'bad.ts:2: console has no place in plan'],
    ['ending the process', 'tools/run/src/bad.ts', 'process.exitCode = 1;', 'exitCode has no place in run'],
    [
      'the environment',
      'tools/run/src/bad.ts',
      'const home = `${process.env.HOME}/x`;',
      'environment has no place in run',
    ],
    ['a dry run flag', 'tools/run/src/bad.ts', 'if (options.dryRun) return;', 'dryRun has no place in run'],
    ['the clock while planning', 'tools/plan/src/bad.ts', 'const now = Date.now();', 'clock has no place in plan'],
    ['an unknown package', 'tools/shared/src/bad.ts', 'export const a = 1;', 'shared has no row'],
  ])('%s', async (_name, path, text, expected) => {
    expect(await problemsWith({ [path]: text })).toContainEqual(expect.stringContaining(expected));
  });
});

test('words in comments and strings are no violations', async () => {
  expect(
    await problemsWith({
      'tools/plan/src/fine.ts':
        "// console.log, process.env\nconst a = 'console.log'; /* Date.now() */ const b = /[\"']/; const c = `process.env`;\n",
    }),
  ).toEqual([]);
});
