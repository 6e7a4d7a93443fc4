import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Environment, PinnedTool } from '@slipway/model';
import { realCommandRunner } from '../process/real.ts';
import { pipArguments, requirement } from './args.ts';
import { pinnedToolsContract } from './contract.ts';
import { fakePinnedTools } from './fake.ts';
import { realPinnedTools } from './real.ts';

const tool: PinnedTool = { name: 'tool', version: '1.2', sha256: ['0'.repeat(64)], program: 'tool/run' };

test('pip gets the package, its version and its accepted hashes', () => {
  expect(requirement({ ...tool, sha256: ['aa', 'bb'] })).toBe('tool==1.2 --hash=sha256:aa --hash=sha256:bb\n');
  expect(pipArguments('/d')).toEqual(expect.arrayContaining(['--no-deps', '--only-binary=:all:', '--target=/d']));
});

pinnedToolsContract('a fake', async () => ({ pinnedTools: fakePinnedTools(), pinnedTool: tool, env: {} }));

const hasPip = (() => {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('with pip', { skip: !hasPip, meta: { why: 'there is no python3 -m pip' } }, () => {
  let base: string;
  let pinnedTool: PinnedTool;
  const environment = (): Environment => ({
    PATH: process.env['PATH'] ?? '',
    HOME: mkdtempSync(join(base, 'home-')),
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: join(base, 'wheels'),
  });
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), 'slipway-wheel-'));
    const file = writePinnedTool(base);
    pinnedTool = { ...tool, sha256: ['1'.repeat(64), createHash('sha256').update(readFileSync(file)).digest('hex')] };
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  const pinnedTools = realPinnedTools(realCommandRunner());

  pinnedToolsContract('pip', async () => ({ pinnedTools, pinnedTool, env: environment() }));

  test('an installed tool can be run, and nothing else is left', async () => {
    const env = environment();
    const path = await pinnedTools.install({ pinnedTool, env });
    expect(statSync(path).mode & 0o111).not.toBe(0);
    expect(execFileSync(path, { encoding: 'utf8' })).toBe('here I am\n');
    expect(readdirSync(join(env['HOME']!, '.cache/slipway/wheels'))).toEqual(['tool-1.2']);
  });

  test('another hash is refused, and leaves nothing', async () => {
    const env = environment();
    const other = { ...pinnedTool, sha256: ['2'.repeat(64)] };
    await expect(pinnedTools.install({ pinnedTool: other, env })).rejects.toThrow(
      /COMMAND_FAILED.*pip install[\s\S]*hash/i,
    );
    expect(readdirSync(join(env['HOME']!, '.cache/slipway/wheels'))).toEqual([]);
    expect(pinnedTools.find({ pinnedTool: other, env })).toBeUndefined();
  });
});

/** The smallest possible wheel: a zip with a program and three files of metadata. */
function writePinnedTool(directory: string): string {
  const info = 'tool-1.2.dist-info';
  const files: Record<string, string> = {
    'tool/run': '#!/bin/sh\necho here I am\n',
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: tool\nVersion: 1.2\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: slipway\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  };
  mkdirSync(join(directory, 'wheels'));
  const path = join(directory, 'wheels/tool-1.2-py3-none-any.whl');
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as pinnedTool:
    for name, text in json.loads(sys.argv[2]).items():
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o100755 << 16 if name == 'tool/run' else 0o100644 << 16
        pinnedTool.writestr(entry, text)
`;
  writeFileSync(join(directory, 'write.py'), script);
  execFileSync('python3', [join(directory, 'write.py'), path, JSON.stringify(files)]);
  return path;
}
