import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { realCommandRunner } from '@slipway/adapters';
import type { Environment } from '@slipway/model';
import { type PkgConfigAnswer, askPkgConfig } from './pkg-config.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-pc-')));
afterAll(() => rmSync(base, { recursive: true }));

const runner = realCommandRunner();
const PATH = process.env['PATH'] ?? '';
const hasProgram = await runner
  .run({ argv: ['pkg-config', '--version'], cwd: base, env: { PATH } })
  .then(({ exit }) => exit === 0)
  .catch(() => false);

function write(name: string, more: string): void {
  const path = join(base, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `Name: x\nDescription: x\nVersion: 1\n${more}\n`);
}

const ask = (words: readonly string[], env: Environment): Promise<PkgConfigAnswer> =>
  askPkgConfig(words, 'pkg-config', { runner, cwd: base, env: { PATH, ...env } });

describe('pkg-config', { skip: !hasProgram, meta: { why: 'there is no pkg-config' } }, () => {
  test('gives flags as words, including those of required packages', async () => {
    write('one/foo.pc', 'Requires: bar >= 0.5\nCflags: -I/inc/foo "-DNAME=a b" -DQ=\\"x\\"\nLibs: -L/lib/foo -lfoo');
    write('one/bar.pc', 'Cflags: -I/inc/bar\nLibs: -lbar');
    const { cflags, ldflags, problem } = await ask(['foo'], { PKG_CONFIG_PATH: join(base, 'one') });
    expect({ cflags, ldflags, problem }).toEqual({
      cflags: expect.arrayContaining(['-I/inc/foo', '-DNAME=a b', '-DQ="x"', '-I/inc/bar']) as string[],
      ldflags: expect.arrayContaining(['-L/lib/foo', '-lfoo', '-lbar']) as string[],
      problem: undefined,
    });
  });

  test('reads the files of all packages in each searched directory, existing or not', async () => {
    write('early/readme', '');
    write('late/foo.pc', 'Requires.private: bar, baz > 1.2\nCflags: -DX');
    write('late/bar.pc', '');
    write('late/baz.pc', '');
    const env = { PKG_CONFIG_PATH: `${join(base, 'early')}:${join(base, 'late')}`, PKG_CONFIG_LIBDIR: '/nowhere' };
    const { files } = await ask(['foo'], env);
    for (const dir of ['early', 'late'])
      for (const name of ['foo', 'bar', 'baz'])
        for (const end of ['.pc', '-uninstalled.pc']) expect(files).toContain(join(base, dir, name + end));
    expect(files).toContain('/nowhere/foo.pc');
    expect(files.filter((file) => file.endsWith('1.2.pc'))).toEqual([]);
  });

  test('gets the flags of the line', async () => {
    write('static/foo.pc', 'Libs: -lfoo\nLibs.private: -lprivate');
    const env = { PKG_CONFIG_PATH: join(base, 'static') };
    expect((await ask(['foo'], env)).ldflags).toEqual(['-lfoo']);
    expect((await ask(['--static', 'foo'], env)).ldflags).toEqual(['-lfoo', '-lprivate']);
  });

  test('is an input itself, with the earlier places on PATH, and a script has unknown reads', async () => {
    write('early/readme', '');
    const script = join(base, 'bin/pkg-config');
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(script, '#!/bin/sh\necho -lfoo\n', { mode: 0o755 });
    const late = await ask([], { PATH: `${join(base, 'early')}:${PATH}` });
    expect(late.files[0]).toBe(join(base, 'early/pkg-config'));
    expect(late.files.some((path) => path.endsWith('/pkg-config') && existsSync(path))).toBe(true);
    const { problem } = await ask(['foo'], { PATH: `${join(base, 'bin')}:${PATH}` });
    expect(problem).toBe(`slipway cannot tell what the script ${script} reads`);
  });

  test('reports an unknown package, and its possible places are inputs', async () => {
    const { problem, files } = await ask(['absent'], { PKG_CONFIG_PATH: join(base, 'one') });
    expect(problem).toBe('pkg-config does not know absent');
    expect(files).toContain(join(base, 'one/absent.pc'));
  });
});

/** As in Fedora, and with cross compilers of some distributions. */
const named = (dir: string): string => `#!/usr/bin/sh
# Tells pkgconf to behave as one for a platform.
export PKG_CONFIG_LIBDIR="\${PKG_CONFIG_LIBDIR:-${dir}:/usr/share/pkgconfig}"
export PKG_CONFIG_SYSTEM_LIBRARY_PATH="/usr/lib64"

exec pkg-config "$@"
`;

const script = async (text: string, env: Environment = {}): Promise<PkgConfigAnswer> => {
  const program = join(base, 'a-pkg-config');
  writeFileSync(program, text, { mode: 0o755 });
  return askPkgConfig(['foo'], program, { runner, cwd: base, env: { PATH, ...env } });
};

describe('a script as pkg-config', { skip: !hasProgram, meta: { why: 'there is no pkg-config' } }, () => {
  test('that sets variables and starts a program has known reads: itself, the program and its files', async () => {
    write('named/foo.pc', 'Cflags: -DX');
    const { cflags, files, problem } = await script(named(join(base, 'named')));
    expect({ cflags, problem }).toEqual({ cflags: ['-DX'], problem: undefined });
    for (const path of [join(base, 'a-pkg-config'), join(base, 'named/foo.pc'), '/usr/share/pkgconfig/foo.pc'])
      expect(files).toContain(path);
    expect(files.some((path) => path.endsWith('/bin/pkg-config'))).toBe(true);
    write('other/foo.pc', 'Cflags: -DY');
    const other = await script(named(join(base, 'named')), { PKG_CONFIG_LIBDIR: join(base, 'other') });
    expect(other.files).toContain(join(base, 'other/foo.pc'));
    expect(other.files).not.toContain(join(base, 'named/foo.pc'));
  });

  test.each([
    'exec pkg-config "$@" $(cat /x)',
    '. /etc/settings\nexec pkg-config "$@"',
    'export PKG_CONFIG_PATH="$(cat /x)"\nexec pkg-config "$@"',
    'export PATH="/x"\nexec pkg-config "$@"',
    'exec ./relative/pkg-config "$@"',
    'pkg-config "$@"',
    'exec pkg-config --define-prefix "$@"\ntrue',
  ])('that does more is read by nobody: %s', async (text) => {
    expect((await script(`#!/bin/sh\n${text}\n`)).problem).toMatch(/slipway cannot tell what the script/);
  });
});
