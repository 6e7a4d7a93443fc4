import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from './check.ts';
import { readReport, type TestReport } from './test-report.ts';
import { summarize } from './test-summary.ts';

const place = mkdtempSync(join(tmpdir(), 'slipway-report-'));
afterAll(() => rmSync(place, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly stderr: string;
  /** Undefined if the run wrote none. */
  readonly report: TestReport | undefined;
}

let runs = 0;

/** Runs test files with vitest as a task of `npm test` does. */
function vitest(files: Readonly<Record<string, string>>): Ran {
  const dir = join(place, String(runs++));
  mkdirSync(dir);
  symlinkSync(join(repositoryRoot, 'node_modules'), join(dir, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, `${name}.test.ts`), head + text);
  const program = join(repositoryRoot, 'node_modules/vitest/vitest.mjs');
  const reporter = join(repositoryRoot, 'hack/lib/test-reporter.ts');
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, 'run', '--root', dir, `--reporter=${reporter}`, '--outputFile=out/report.json'],
    {
      cwd: dir,
      encoding: 'utf8',
      env: { ...process.env, NX_TASK_TARGET_PROJECT: 'planted', NX_TASK_TARGET_TARGET: 'test' },
    },
  );
  const file = join(dir, 'out/report.json');
  return { status, stderr, report: existsSync(file) ? readReport(readFileSync(file, 'utf8')) : undefined };
}

const head = `import { afterAll, beforeAll, describe, test } from 'vitest';\n`;

/** The last lines of npm test, if this was its only task. */
function closingLine({ status, report }: Ran): string {
  const task = { id: 'planted:test', ok: status === 0, cached: false, milliseconds: 1, output: '' };
  const { text, ok } = summarize({
    run: { ok: status === 0, log: '', tasks: [task] },
    reports: report === undefined ? [] : [report],
    minutes: 1,
    minuteLimit: undefined,
  });
  expect(ok).toBe(false);
  return text.split('\n').at(-1)!;
}

describe('a suite that fails before its first test is a failure of the closing line', () => {
  test.each([
    ['a syntax error', 'test("x", () => { this is no script });', '0 passed, 1 failed'],
    ['an import of what is not there', 'import "./nowhere.ts";\ntest("x", () => {});', '0 passed, 1 failed'],
    ['no test at all', '', '0 passed, 1 failed'],
    [
      'beforeAll throws',
      'beforeAll(() => { throw new Error("no"); });\ntest("x", () => {});',
      '0 passed, 1 failed, 1 skipped',
    ],
    [
      'beforeAll of one suite throws',
      'describe("a", () => { beforeAll(() => { throw new Error("no"); }); describe("b", () => { test("x", () => {}); }); });\ntest("y", () => {});',
      '1 passed, 1 failed, 1 skipped',
    ],
    [
      'afterAll throws',
      'describe("a", () => { afterAll(() => { throw new Error("no"); }); test("x", () => {}); });',
      '1 passed, 1 failed',
    ],
    [
      'its process dies',
      'test("x", () => { process.kill(process.pid, "SIGKILL"); });',
      '0 passed, 1 failed, 1 skipped',
    ],
    [
      'an error outside of any test',
      'test("x", () => { setTimeout(() => { throw new Error("no"); }, 1); });\ntest("y", () => new Promise((done) => setTimeout(done, 100)));',
      '2 passed, 1 failed',
    ],
    ['all of vitest is killed', 'test("x", () => { process.kill(process.ppid, "SIGKILL"); });', '0 passed, 1 failed'],
  ])('%s', (_, text, line) => {
    expect(closingLine(vitest({ planted: text }))).toBe(line);
  });
});

describe('a skipped test', () => {
  test('is counted with its reason, given in the test or beside the name of its suite', () => {
    const { status, report } = vitest({
      planted: `
        test("note", ({ skip }) => skip("no engine"));
        describe.each([1])("suite %i", { skip: true, meta: { why: "no compiler" } }, () => { test("deep", () => {}); });`,
    });
    expect(status).toBe(0);
    expect(report).toEqual({
      task: 'planted:test',
      records: [
        { name: 'planted.test.ts > note', outcome: 'skipped', milliseconds: expect.any(Number), why: 'no engine' },
        { name: 'planted.test.ts > suite 1 > deep', outcome: 'skipped', milliseconds: 0, why: 'no compiler' },
      ],
    });
  });

  test('without a reason is a failure', () => {
    const ran = vitest({ planted: 'test.skip("later", () => {});\ntest.todo("never");\ntest("x", () => {});' });
    expect(closingLine(ran)).toBe('1 passed, 2 failed');
    expect(ran.stderr).toContain('planted.test.ts > later (skipped without a reason)');
  });
});
