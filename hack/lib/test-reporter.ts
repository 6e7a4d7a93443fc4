import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import { type TestRecord, reportText } from './test-report.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Why a test, or a whole suite, is skipped: `test(name, { skip: why !== undefined, meta: { why } }, …)`. */
    why?: string | undefined;
  }
}

/**
 * Writes what `npm test` counts to vitest's `--outputFile`. A file that cannot be loaded, a hook that fails and a process that
 * ends early are failures, even if no test failed. A test that is skipped without a reason is a failure, too.
 */
export default class TestReporter implements Reporter {
  #file = '';

  onInit({ config: { outputFile } }: Vitest): void {
    if (typeof outputFile !== 'string') throw new Error('the report needs --outputFile=FILE');
    this.#file = outputFile;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { readonly message: string }[]): void {
    const records = modules.flatMap(recordsOf);
    const stray = records.some(({ outcome }) => outcome === 'failed') ? [] : unhandled;
    const all = [...records, ...stray.map(({ message }) => failure(`error outside of tests: ${message}`))];
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, reportText(all));
    const silent = records.filter(({ name }) => name.endsWith(NO_REASON));
    if (silent.length === 0) return;
    const hint = 'skip(WHY) in a test, or { skip: true, meta: { why } } beside its name';
    console.error(`error: ${silent.map(({ name }) => name).join('\n       ')}\n  hint: ${hint}`);
    process.exitCode = 1;
  }
}

const NO_REASON = '(skipped without a reason)';

const failure = (name: string): TestRecord => ({ name, outcome: 'failed', milliseconds: 0 });

function recordsOf(module: TestModule): TestRecord[] {
  const file = module.relativeModuleId;
  const ended = !['queued', 'pending'].includes(module.state());
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return [
    ...(ended ? [] : [failure(`${file}: its process ended before its tests`)]),
    ...module.errors().map(() => failure(file)),
    ...suites.map((suite) => failure(`${file} > ${suite.fullName}`)),
    ...[...module.children.allTests()].map((test) => recordOf(`${file} > ${test.fullName}`, test)),
  ];
}

function recordOf(name: string, test: TestCase): TestRecord {
  const result = test.result();
  const milliseconds = test.diagnostic()?.duration ?? 0;
  if (result.state === 'passed' || result.state === 'failed') return { name, outcome: result.state, milliseconds };
  const note = result.state === 'skipped' ? result.note : 'the process of its file ended';
  const why = note ?? test.meta().why ?? (isBroken(test.parent) ? 'its file or suite failed before' : undefined);
  if (why === undefined) return failure(`${name} ${NO_REASON}`);
  return { name, outcome: 'skipped', milliseconds, why };
}

const isBroken = (parent: TestSuite | TestModule): boolean =>
  parent.errors().length > 0 || (parent.type === 'suite' && isBroken(parent.parent));
