import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Starting, slipwayCommand } from './slipway-process.ts';

export interface MeasuredRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Seconds of the processor, and the most memory that the process ever had. */
  readonly usage: { readonly seconds: number; readonly mebibytes: number };
}

/** Above it a process is replaced by a new one, so that what a run is said to have taken is its own. */
const MOST_BEFORE = 200;

/** Runs the packaged command line in a process that stays: for tests that ask hundreds of short questions. */
export class RunServer implements Disposable {
  private readonly starting: Pick<Starting, 'cwd' | 'env'>;
  private child: ChildProcess | undefined;
  private lines: AsyncIterator<string> | undefined;

  constructor(starting: Pick<Starting, 'cwd' | 'env'>) {
    this.starting = starting;
  }

  /** Throws when the process ended: a command line must not end it. */
  async run(args: readonly string[]): Promise<MeasuredRun> {
    const { child, lines } = this.open();
    child.stdin!.write(`${JSON.stringify(args)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`slipway ${args.join(' ')} ended the process it ran in`);
    const measured = JSON.parse(value) as MeasuredRun;
    if (measured.usage.mebibytes > MOST_BEFORE) this[Symbol.dispose]();
    return measured;
  }

  private open(): { child: ChildProcess; lines: AsyncIterator<string> } {
    if (this.child === undefined || this.lines === undefined) {
      const [node, program] = slipwayCommand();
      const script = join(import.meta.dirname, 'many-runs.ts');
      this.child = spawn(node, [script, program], { ...this.starting, stdio: ['pipe', 'pipe', 'inherit'] });
      this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
    }
    return { child: this.child, lines: this.lines };
  }

  [Symbol.dispose](): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.lines = undefined;
  }
}
