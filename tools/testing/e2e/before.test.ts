import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { timeouts } from '../src/timeouts.ts';
import { cleanEnvironment, slipwayCommand } from '../src/slipway-process.ts';

const place = mkdtempSync(join(tmpdir(), 'slipway-before-'));
const root = join(place, 'tree');
const env = cleanEnvironment(join(place, 'home'));
afterAll(() => rmSync(place, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** The output; with a status that is not 0 as well. */
function slipway(): string {
  const [program, ...args] = slipwayCommand();
  try {
    return execFileSync(program!, [...args, 'all'], { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

const page = (): string => execFileSync(join(root, '_output/local/bin', platform, 'app'), { encoding: 'utf8' });
const platform = `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`;
const runs = (): number => readFileSync(join(root, 'log'), 'utf8').trim().split('\n').length;

test(
  'a step before the build runs once, and again when its inputs or outputs change, and its outputs are compiled',
  () => {
    write({
      'go.mod': 'module example.org/app\n\ngo 1.21\n',
      'cmd/app/main.go':
        'package main\n\nimport (\n\t"fmt"\n\n\t"example.org/app/web"\n)\n\nfunc main() { b, _ := web.Files.ReadFile("static/deep/page"); fmt.Print(string(b)) }\n',
      'web/web.go': 'package web\n\nimport "embed"\n\n//go:embed static\nvar Files embed.FS\n',
      'web/src/page': 'one\n',
      'hack/ui': 'echo run >>log\nmkdir -p web/static/deep && cat web/src/* >web/static/deep/page\n',
      'slipway.config.ts':
        "export default { before: [{ run: 'bash hack/ui', inputs: ['web/src', 'hack'], outputs: ['web/static'] }] };\n",
    });
    expect(slipway()).toContain('run bash hack/ui');
    expect([page(), runs()]).toEqual(['one\n', 1]);
    slipway();
    expect(runs()).toBe(1);
    write({ 'web/src/page': 'two\n' });
    slipway();
    expect([page(), runs()]).toEqual(['two\n', 2]);
    write({ 'web/src/more': 'three\n' });
    slipway();
    expect([page(), runs()]).toEqual(['three\ntwo\n', 3]);
    write({ 'web/static/deep/page': 'by hand\n' });
    slipway();
    expect([page(), runs()]).toEqual(['three\ntwo\n', 4]);
    rmSync(join(root, 'web/static'), { recursive: true });
    slipway();
    expect([page(), runs()]).toEqual(['three\ntwo\n', 5]);
    write({ 'hack/ui': 'true\n' });
    rmSync(join(root, 'web/static'), { recursive: true });
    expect(slipway()).toMatch(/FILE_MISSING.*web\/static.*run bash hack\/ui was to make it/);
    write({
      'slipway.config.ts': "export default { before: [{ run: 'true', inputs: ['web/scr'], outputs: ['x'] }] };\n",
    });
    expect(slipway()).toMatch(/before\.inputs names web\/scr, .*did you mean web\/src\?/);
  },
  timeouts.test + 8 * timeouts.round,
);
