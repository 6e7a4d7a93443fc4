import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryMemo } from '../files/memo.ts';
import { realCommandRunner } from '../process/real.ts';
import { realTestObserver } from './real.ts';
import type { TestObserver } from './port.ts';

const PATH = process.env['PATH'] ?? '/usr/bin:/bin';
const strace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

/** A directory with packages; what stands for their test binaries are scripts, which write the log as Go's testing package does. */
class Packages implements Disposable {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-tests-')));
  readonly scratch = join(this.base, 'scratch');
  readonly observer: TestObserver = realTestObserver({ runner: realCommandRunner(), memo: memoryMemo() });

  constructor() {
    mkdirSync(this.scratch);
  }

  /** Runs a test binary that is these lines of a shell; `log LINE` writes into the log. */
  async run(name: string, lines: string): Promise<unknown> {
    const dir = join(this.base, 'tree', name);
    mkdirSync(dir, { recursive: true });
    const binary = join(this.scratch, `${name}.test`);
    writeFileSync(
      binary,
      `#!/bin/sh\nlog=\${1#-test.testlogfile=}\necho '# test log' >"$log"\nlog() { echo "$*" >>"$log"; }\n${lines}\n`,
      { mode: 0o700 },
    );
    const environment = { PATH, TMPDIR: this.base, LANG: 'C' };
    await using watch = await this.observer.open({ scratch: this.scratch, environment, directories: [dir] });
    const script = watch.flags[0]!.replace('-exec=', '').replaceAll("'", '');
    execFileSync(script, [binary, '-test.v'], { cwd: dir, env: environment });
    return (await watch.read()).get(dir);
  }

  get left(): string[] {
    return readdirSync(this.base).filter((name) => name.startsWith('sw-'));
  }

  path(name: string): string {
    return join(this.base, 'tree', name);
  }

  [Symbol.dispose](): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

test('what a test reads is told, and what it makes in its own temporary directory is not', async () => {
  using packages = new Packages();
  const seen = await packages.run(
    'a',
    'echo x >"$TMPDIR/own"; log "open $TMPDIR/own"; log open in; log open .; log getenv LANG',
  );
  expect(seen).toEqual({
    files: [packages.path('a/in'), packages.path('a')],
    listings: [packages.path('a')],
    variables: ['LANG'],
  });
  expect(packages.left).toEqual([]);
});

test('a test that ends before its log does is not known', async () => {
  using packages = new Packages();
  expect(await packages.run('a', 'printf "open x" >>"$log"')).toEqual({
    unknown: 'it ended before it told what it read',
  });
});

test('a process that a test leaves behind is ended, and the test is not known', async () => {
  using packages = new Packages();
  const seen = await packages.run('a', `setsid sleep 300 >/dev/null 2>&1 & echo $! >${packages.base}/pid`);
  expect(seen).toEqual({ unknown: expect.stringContaining('it left the program sleep running') });
  const pid = execFileSync('cat', [join(packages.base, 'pid')], { encoding: 'utf8' }).trim();
  const state = existsSync(`/proc/${pid}/stat`)
    ? execFileSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' })
    : 'gone Z';
  expect(state).toContain(' Z');
});

test('tests that run programs are not known the first time, and traced from then on', async (context) => {
  if (!strace) context.skip('no strace');
  using packages = new Packages();
  mkdirSync(packages.path('b'), { recursive: true });
  writeFileSync(packages.path('b/read'), 'x');
  const sh = join(dirname(execFileSync('sh', ['-c', 'command -v cat'], { encoding: 'utf8' }).trim()), 'cat');
  const lines = `log stat ${sh}; cat ../b/read >/dev/null; ls ../b >/dev/null; test -e ../b/absent || true`;
  expect(await packages.run('a', lines)).toEqual({
    unknown: 'its tests run programs, and what those read is not known',
  });
  const seen = await packages.run('a', lines);
  expect(seen).toMatchObject({
    files: expect.arrayContaining(['read', 'absent'].map((name) => packages.path(`b/${name}`))),
    listings: expect.arrayContaining([packages.path('b')]),
    variables: expect.arrayContaining(['LANG', 'PATH']),
  });
});
