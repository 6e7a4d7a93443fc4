import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fakeCommandRunner, realCommandRunner, realOutputFiles } from '@slipway/adapters';
import { FailureError } from '@slipway/model';
import { outputNames } from '@slipway/plan';
import { unless, whyWithout } from '@slipway/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isSame } from './comparison.ts';
import { formatComparison } from './format-comparison.ts';
import { compareWithMake } from './with-make.ts';
import type { WithMakeRequest } from './with-make.ts';

/** A tree with its own build: make runs a script, and the script calls Go and copies the binaries. */
const files: Readonly<Record<string, string>> = {
  'go.mod': 'module example.org/mono\n\ngo 1.21\n',
  'cmd/hello/main.go': 'package main\n\nvar version = "none"\n\nfunc main() { println("hello", version) }\n',
  'cmd/other/main.go': 'package main\n\nfunc main() { println("other") }\n',
  Makefile: 'all:\n\t@./build.sh $(WHAT)\n.PHONY: all\n',
  'build.sh': `#!/bin/sh
set -e
for name in hello other; do
  go build -ldflags="$\{HELLO_FLAGS:--X main.version=v1.2.3 -s -w}" -o "_output/local/go/bin/$name" "./cmd/$name"
  mkdir -p _output/local/bin/linux/amd64
  cp "_output/local/go/bin/$name" _output/local/bin/linux/amd64/
done
ln -sfn local/bin/linux/amd64 _output/bin
`,
};

const { PATH = '', HOME = '' } = process.env;
const environment = {
  PATH,
  HOME,
  GOFLAGS: '-buildvcs=false',
  GOWORK: 'off',
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
  GOOS: 'linux',
  GOARCH: 'amd64',
  CGO_ENABLED: '0',
};

let root = '';
let emitted: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-make-'));
  emitted = [];
  for (const [name, text] of Object.entries(files)) await write(name, text);
  await chmod(join(root, 'build.sh'), 0o755);
  await write('_output/local/bin/linux/amd64/hello', 'built before');
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}

/** The same script plays slipway's part. */
async function buildWith(variables: Readonly<Record<string, string>>): Promise<void> {
  const result = await realCommandRunner().run({
    argv: ['./build.sh'],
    cwd: root,
    env: { ...environment, ...variables },
  });
  if (result.exit !== 0) throw new Error(result.output);
}

const compare = (request: Partial<WithMakeRequest>) =>
  compareWithMake({
    root,
    names: outputNames({}),
    buildWithSlipway: () => buildWith({}),
    makeArguments: ['all'],
    environment,
    runner: realCommandRunner(),
    files: realOutputFiles(),
    emit: (line) => emitted.push(line),
    ...request,
  });

async function expectAsBefore(): Promise<void> {
  expect(await readFile(join(root, '_output/local/bin/linux/amd64/hello'), 'utf8')).toBe('built before');
  for (const name of [
    '_output/local/bin/linux/amd64/other',
    '_output/local/go/bin',
    '_output/bin',
    '_output/compare/aside',
  ])
    expect(existsSync(join(root, name))).toBe(false);
}

describe('with Go and make', unless(whyWithout('make')), () => {
  test('a program that make builds for its own use is not a difference', async () => {
    const buildWithSlipway = async (): Promise<void> => {
      await buildWith({});
      await rm(join(root, '_output/local/bin/linux/amd64/other'));
    };
    const { comparison } = await compare({ buildWithSlipway, upkeep: ['other'] });
    expect(comparison.files.map((file) => file.path)).toEqual(['linux/amd64/hello']);
    expect(isSame(comparison)).toBe(true);
  });

  test('the same flags give the same files', async () => {
    const { comparison } = await compare({});
    expect(comparison.files.map((file) => file.path)).toEqual(['linux/amd64/hello', 'linux/amd64/other']);
    expect(isSame(comparison)).toBe(true);
    expect(emitted).toEqual(['building with slipway, profile make', 'building with make all', 'comparing']);
    await expectAsBefore();
  });

  test('a missing -s is reported by file, build setting and section', async () => {
    const { comparison } = await compare({
      buildWithSlipway: () => buildWith({ HELLO_FLAGS: '-X main.version=v1.2.3' }),
    });
    const lines = formatComparison(comparison, { a: 'slipway', b: 'make' });
    expect(lines).toContain('linux/amd64/hello: different');
    expect(lines).toContain(
      '  build setting -ldflags: slipway -X main.version=v1.2.3, make -X main.version=v1.2.3 -s -w',
    );
    expect(lines.find((line) => line.startsWith('  section .symtab: only in slipway'))).toBeDefined();
    expect(lines.at(-1)).toBe('0 of 2 files identical, 2 different');
    await expectAsBefore();
  });

  test('another stamp is reported by its text', async () => {
    const { comparison } = await compare({
      buildWithSlipway: () => buildWith({ HELLO_FLAGS: '-X main.version=v1.2.4 -s -w' }),
    });
    const lines = formatComparison(comparison, { a: 'slipway', b: 'make' });
    expect(lines.join('\n')).toContain(
      'build setting -ldflags: slipway -X main.version=v1.2.4 -s -w, make -X main.version=v1.2.3 -s -w',
    );
    expect(lines.join('\n')).toMatch(/section \.rodata: .*\n {4}slipway {2}.*v1\.2\.4.*\n {4}make {2}.*v1\.2\.3/);
  });

  test('with -trimpath Go records no linker flags, so the build id and the text show the difference', async () => {
    await write('build.sh', files['build.sh']!.replace('go build', 'go build -trimpath'));
    const { comparison } = await compare({
      buildWithSlipway: () => buildWith({ HELLO_FLAGS: '-X main.version=v1.2.4 -s -w' }),
    });
    const lines = formatComparison(comparison, { a: 'slipway', b: 'make' }).join('\n');
    expect(lines).not.toContain('build setting');
    expect(lines).toContain(
      'Go build id: the main package was compiled the same; linker flags, stamps, the toolchain or other packages differ',
    );
    expect(lines).toContain('v1.2.4');
  });

  test('a failed make is reported with its output, and everything is restored', async () => {
    await write('cmd/other/main.go', 'package main\n\nfunc main() { undefined() }\n');
    await expect(
      compare({ buildWithSlipway: () => write('_output/local/bin/linux/amd64/other', 'x') }),
    ).rejects.toMatchObject({ failures: [{ code: 'COMMAND_FAILED', command: 'make all', exit: 2 }] });
    expect(emitted.join('\n')).toContain('undefined: undefined');
    await expectAsBefore();
    expect(existsSync(join(root, '_output/compare/slipway/bin/linux/amd64/other'))).toBe(true);
  });

  test('Ctrl-C during make restores everything', async () => {
    await write('build.sh', '#!/bin/sh\nmkdir -p _output/local/go/bin _output/local/bin/half\nsleep 60\n');
    const controller = new AbortController();
    const done = compare({
      signal: controller.signal,
      buildWithSlipway: () => write('_output/local/bin/linux/amd64/other', 'x'),
      emit: (line) => line.startsWith('building with make') && setTimeout(() => controller.abort('SIGINT'), 300),
    });
    await expect(done).rejects.toMatchObject({ failures: [{ code: 'INTERRUPTED', signal: 'SIGINT' }] });
    await expectAsBefore();
  });
});

test('a failed slipway build restores everything, and make does not start', async () => {
  const runner = fakeCommandRunner();
  const failure = new FailureError({ code: 'COMMAND_FAILED', command: 'go install', exit: 1 });
  await expect(compare({ runner, buildWithSlipway: () => Promise.reject(failure) })).rejects.toBe(failure);
  expect(runner.requests.map((request) => request.argv)).toEqual([['make', '--version']]);
  await expectAsBefore();
});

test('a missing Makefile or make is reported before anything is moved or built', async () => {
  const buildWithSlipway = (): Promise<void> => Promise.reject(new Error('not to be called'));
  const runner = fakeCommandRunner(() => {
    throw new FailureError({ code: 'TOOL_MISSING', tool: 'make', why: 'it was to be run', hint: '' });
  });
  await expect(compare({ buildWithSlipway, runner })).rejects.toMatchObject({
    failures: [{ code: 'TOOL_MISSING', tool: 'make' }],
  });
  await write('Makefile', 'all %:\n\t@npx slipway $@\n');
  await expect(compare({ buildWithSlipway, runner })).rejects.toMatchObject({
    failures: [
      { code: 'UNSUPPORTED_TREE', fact: `${root}/Makefile forwards to slipway, which would be compared with itself` },
    ],
  });
  await rm(join(root, 'Makefile'));
  await expect(compare({ buildWithSlipway, runner })).rejects.toMatchObject({
    failures: [{ code: 'UNSUPPORTED_TREE' }],
  });
  await expectAsBefore();
});

test.each([
  { exit: 2, stdout: 'build.sh: line 9: rsync: command not found\n' },
  { exit: 0, stdout: 'find: ‘rsync’: No such file or directory\n' },
])('rsync that make cannot find is named: $stdout', async (result) => {
  const runner = fakeCommandRunner(() => result);
  await expect(
    compare({ runner, buildWithSlipway: () => write('_output/local/bin/linux/amd64/hello', 'x') }),
  ).rejects.toMatchObject({ failures: [{ code: 'TOOL_MISSING', tool: 'rsync' }] });
  await expectAsBefore();
});

test('a make that publishes nothing is a failure', async () => {
  await expect(
    compare({ runner: fakeCommandRunner(), buildWithSlipway: () => write('_output/local/bin/linux/amd64/hello', 'x') }),
  ).rejects.toMatchObject({
    failures: [{ code: 'UNSUPPORTED_TREE', fact: `make published nothing in ${root}/_output/local/bin` }],
  });
  await expectAsBefore();
});
