import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realCommandRunner } from '../process/real.ts';
import type { GoBuildInfo, GoModuleVersion } from './binary-file.ts';
import { readBinary } from './read-binary.ts';

const files: Readonly<Record<string, string>> = {
  'go.mod':
    'module example.org/hello\n\ngo 1.21\n\nrequire example.org/lib v0.1.0\n\nreplace example.org/lib => ./lib\n',
  'main.go':
    'package main\n\nimport "example.org/lib"\n\nvar version = "none"\n\nfunc main() { println(lib.Greeting, version) }\n',
  'lib/go.mod': 'module example.org/lib\n\ngo 1.21\n',
  'lib/lib.go': 'package lib\n\nvar Greeting = "hello"\n',
};
const platforms = ['linux/amd64', 'linux/arm64', 'windows/amd64', 'darwin/arm64'];
const flags = ['-ldflags=-X "main.version=1 2" -s', '-tags=one,two'];

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-binary-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function go(args: readonly string[], platform = 'linux/amd64'): Promise<string> {
  const [GOOS = '', GOARCH = ''] = platform.split('/');
  const { PATH = '', HOME = '' } = process.env;
  const env = {
    PATH,
    HOME,
    GOFLAGS: '',
    GOWORK: 'off',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    CGO_ENABLED: '0',
    GOOS,
    GOARCH,
  };
  const result = await realCommandRunner().run({ argv: ['go', ...args], cwd: dir, env });
  if (result.exit !== 0) throw new Error(result.output);
  return result.stdout;
}

const outputOf = (platform: string): string => join(dir, 'out', platform.replace('/', '-'));

async function build(platform: string): Promise<string> {
  await go(['build', ...flags, '-o', outputOf(platform), '.'], platform);
  return outputOf(platform);
}

/** The format of `go version -m`. */
function formatLikeGo(path: string, info: GoBuildInfo): string {
  const moduleLines = (word: string, module: GoModuleVersion): string[] => [
    `${word}\t${module.path}\t${module.version}${module.replace ? '' : `\t${module.sum}`}`,
    ...(module.replace ? [`=>\t${module.replace.path}\t${module.replace.version}\t${module.replace.sum}`, ''] : []),
  ];
  const quoted = (text: string): string => (/[ \t\n"`]/.test(text) ? JSON.stringify(text) : text);
  const lines = [
    `path\t${info.path}`,
    ...(info.main ? moduleLines('mod', info.main) : []),
    ...info.modules.flatMap((module) => moduleLines('dep', module)),
    ...Object.entries(info.settings).map(([key, value]) => `build\t${key}=${quoted(value)}`),
  ];
  return `${path}: ${info.goVersion}\n${lines.map((line) => `\t${line}\n`).join('')}`;
}

describe.each(platforms)('a Go binary for %s', (platform) => {
  const format = { linux: 'elf', windows: 'pe', darwin: 'macho' }[platform.split('/')[0] as 'linux'];
  const text = { elf: '.text', pe: '.text', macho: '__TEXT,__text' }[format];

  test('is read as Go itself reads it', async () => {
    const path = await build(platform);
    const binary = await readBinary(path);
    const bytes = await readFile(path);
    expect(binary).toMatchObject({ path, size: bytes.length, format, platform, problem: undefined });
    expect(formatLikeGo(path, binary.goBuildInfo!)).toBe(await go(['version', '-m', path]));
    expect(binary.goBuildInfo?.settings['-ldflags']).toBe('-X "main.version=1 2" -s');
    expect(`${binary.goBuildId}\n`).toBe(await go(['tool', 'buildid', path]));
    const section = binary.sections.find(({ name }) => name === text)!;
    expect(section.size).toBeGreaterThan(100_000);
    expect(section.sha256).toBe(
      createHash('sha256')
        .update(bytes.subarray(section.offset, section.offset + section.size))
        .digest('hex'),
    );
  });

  test('is reported as truncated after a cut anywhere, without a crash', async () => {
    const path = existsSync(outputOf(platform)) ? outputOf(platform) : await build(platform);
    const bytes = await readFile(path);
    for (const length of [0, 1, 15, 16, 20, 52, 63, 64, 100, 200, 300, 700, 1500, 4096, 100_000, bytes.length - 1]) {
      const cut = join(dir, 'cut');
      await writeFile(cut, bytes.subarray(0, length));
      const binary = await readBinary(cut);
      expect(binary.size).toBe(length);
      expect(
        binary.format === 'other' || binary.problem !== undefined,
        `${length} bytes: ${binary.format}, ${binary.problem}`,
      ).toBe(true);
    }
  });

  test('is read with a garbled header, soon and in little memory', async () => {
    const path = existsSync(outputOf(platform)) ? outputOf(platform) : await build(platform);
    const bytes = (await readFile(path)).subarray(0, 300_000);
    const random = randomBytes(7);
    for (let round = 0; round < 150; round++) {
      const garbled = Buffer.from(bytes);
      for (let change = 0; change < 1 + (round % 20); change++)
        garbled[4 + (random() % 1500)] = [0, 0xff, random() & 0xff][random() % 3]!;
      await writeFile(join(dir, 'garbled'), garbled);
      expect((await readBinary(join(dir, 'garbled'))).size).toBe(garbled.length);
    }
  });
});

test('the module file of a Go before 1.18 is found by its pointers', async (context) => {
  const encoded = join((await go(['env', 'GOROOT'])).trim(), 'src/debug/buildinfo/testdata/go117/go117.base64');
  if (!existsSync(encoded)) return context.skip('this Go has no binary of Go 1.17 among its test data');
  const path = join(dir, 'go117');
  await writeFile(path, Buffer.from(await readFile(encoded, 'utf8'), 'base64'));
  const { goBuildInfo } = await readBinary(path);
  expect(formatLikeGo(path, goBuildInfo!)).toBe(await go(['version', '-m', path]));
});

test('an impossible count, size or offset of sections does not throw', async () => {
  const path = join(dir, 'forged');
  const header = Buffer.alloc(200);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(62, 18);
  header.writeBigUInt64LE(0xffff_ffff_ffff_fff0n, 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(0xffff, 60);
  await writeFile(path, header);
  expect(await readBinary(path)).toMatchObject({
    format: 'elf',
    sections: [],
    goBuildInfo: undefined,
    problem: 'its ELF header lists 65535 section headers of 64 bytes',
  });
  header.writeUInt16LE(3, 60);
  await writeFile(path, header);
  expect(await readBinary(path)).toMatchObject({
    format: 'elf',
    sections: [],
    problem: 'the file ends within its section headers',
  });
});

test.each([
  '#!/bin/sh\necho a script\n',
  'MZ and then nothing that a Windows loader would take for a program, at all',
  '',
])('%j is not an executable', async (text) => {
  const path = join(dir, 'text');
  await writeFile(path, text);
  expect(await readBinary(path)).toMatchObject({
    size: text.length,
    format: 'other',
    platform: undefined,
    sections: [],
    goBuildInfo: undefined,
    problem: undefined,
  });
});

/** A small generator with a seed, so that a failure can be repeated. */
function randomBytes(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}
