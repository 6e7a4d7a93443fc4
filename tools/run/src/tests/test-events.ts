import type { PackageResult, TestEnd, TestResult } from '@slipway/model';

/**
 * A line of `go test -json`: https://pkg.go.dev/cmd/test2json. Before Go 1.24 the output of compilers is on standard
 * error.
 */
interface TestEvent {
  readonly Action: string;
  readonly Package?: string;
  readonly Test?: string;
  readonly Elapsed?: number;
  readonly Output?: string;
  readonly ImportPath?: string;
  readonly FailedBuild?: string;
}

interface PackageState {
  readonly tests: Map<string, Text>;
  readonly ended: TestResult[];
  readonly own: Text;
}

/** Bytes kept at the beginning and at the end of a test's or package's output. */
const KEPT = 2 ** 17;

/** The beginning and the end of a text of any length. */
class Text {
  private first = '';
  private last = '';
  private left = 0;

  add(text: string): void {
    const room = KEPT - this.first.length;
    this.first += text.slice(0, Math.max(0, room));
    this.last += text.slice(Math.max(0, room));
    if (this.last.length <= 2 * KEPT) return;
    this.left += this.last.length - KEPT;
    this.last = this.last.slice(-KEPT);
  }

  toString(): string {
    const gap = this.left === 0 ? '' : `\n… ${this.left} characters are left out …\n`;
    return `${this.first}${gap}${this.last}`;
  }
}

interface Told {
  /** Called at the first event of each package. */
  readonly onStart?: (importPath: string) => void;
  /** Keep the output of passing tests, too. */
  readonly verbose?: boolean | undefined;
}

/** Collects the events of one call. `onEnd` is called when a package ends. */
export class TestEvents {
  private readonly packages = new Map<string, PackageState>();
  private readonly builds = new Map<string, Text>();
  private readonly other = new Text();
  readonly results = new Map<string, PackageResult>();
  private readonly onEnd: (result: PackageResult) => void;
  private readonly told: Told;

  constructor(onEnd: (result: PackageResult) => void, told: Told = {}) {
    this.onEnd = onEnd;
    this.told = told;
  }

  /** Output of Go that is not an event. */
  get rest(): string {
    return this.other.toString();
  }

  add(line: string): void {
    const event = parseEvent(line);
    if (event === undefined) this.addText(line);
    else if (event.Action === 'build-output') this.build(event.ImportPath ?? '').add(event.Output ?? '');
    else if (event.Package !== undefined) this.addEvent(event, event.Package);
  }

  /** Go before 1.20 reports a package that does not compile as text. */
  private addText(line: string): void {
    const failed = /^FAIL\t(\S+) \[(?:build|setup) failed\]$/.exec(line)?.[1];
    if (failed === undefined) this.other.add(`${line}\n`);
    else this.end(failed, { Action: 'fail' });
  }

  private addEvent(event: TestEvent, name: string): void {
    const { Action: action, Test: test, Output: output } = event;
    const state = this.state(name);
    if (action === 'output') (test === undefined ? state.own : textOf(state, test)).add(output ?? '');
    else if (action !== 'pass' && action !== 'fail' && action !== 'skip') return;
    else if (test === undefined) this.end(name, event);
    else {
      const said = action === 'pass' && this.told.verbose !== true ? '' : textOf(state, test).toString();
      state.ended.push({ name: test, is: action, seconds: event.Elapsed ?? 0, output: said });
      state.tests.delete(test);
    }
  }

  private end(importPath: string, { Action: action, Elapsed: seconds = 0, FailedBuild: failedBuild }: TestEvent): void {
    const state = this.state(importPath);
    const is = action as TestEnd;
    // Tests that were running when the program crashed or was killed.
    const broken = [...state.tests].map(([name, text]): TestResult => ({
      name,
      is: 'fail',
      seconds: 0,
      output: text.toString(),
    }));
    const compiled = failedBuild === undefined ? '' : this.build(failedBuild).toString();
    const result: PackageResult = {
      ...{ importPath, is, seconds, output: compiled + state.own.toString() },
      tests: is === 'fail' ? [...state.ended, ...broken] : state.ended,
    };
    this.packages.delete(importPath);
    this.results.set(importPath, result);
    this.onEnd(result);
  }

  private state(name: string): PackageState {
    const known = this.packages.get(name);
    if (known !== undefined) return known;
    const state = { tests: new Map<string, Text>(), ended: [], own: new Text() };
    this.packages.set(name, state);
    this.told.onStart?.(name);
    return state;
  }

  private build(importPath: string): Text {
    const known = this.builds.get(importPath) ?? new Text();
    this.builds.set(importPath, known);
    return known;
  }
}

function textOf({ tests }: PackageState, name: string): Text {
  const known = tests.get(name) ?? new Text();
  tests.set(name, known);
  return known;
}

function parseEvent(line: string): TestEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const event = JSON.parse(line) as TestEvent;
    return typeof event.Action === 'string' ? event : undefined;
  } catch {
    return undefined;
  }
}
