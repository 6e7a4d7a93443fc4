import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Starting } from './slipway-process.ts';
import { timeouts } from './timeouts.ts';
import { slipwayCommand } from './slipway-process.ts';

/** The tool at a terminal, as a person has it: what it shows, and what one can do to it. */
export class PseudoTerminal implements AsyncDisposable {
  readonly exit: Promise<number | null>;
  readonly #child;
  #shown = '';
  #changed = (): void => {};

  constructor(args: readonly string[], { cwd, env }: Starting) {
    const program = join(import.meta.dirname, 'pseudo-terminal.py');
    this.#child = spawn('python3', [program, ...slipwayCommand(), ...args], {
      cwd,
      env: { ...env, TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text;
      this.#changed();
    });
    this.exit = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', resolve);
    });
  }

  type(text: string): void {
    this.#child.stdin.write(`type ${JSON.stringify(text)}\n`);
  }

  resize(columns: number, rows: number): void {
    this.#child.stdin.write(`size ${columns} ${rows}\n`);
  }

  /** The terminal is closed. */
  hangUp(): void {
    this.#child.stdin.write('hang up\n');
  }

  /** Without anything to read, the program at a terminal is told that it is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exit;
  }

  /** Until that was shown since the last time; gives what it was. */
  async shows(what: RegExp): Promise<string> {
    const end = setTimeout(() => this.#changed(), timeouts.event);
    try {
      for (const until = performance.now() + timeouts.event; ;) {
        const found = what.exec(this.#shown);
        if (found !== null) {
          this.#shown = this.#shown.slice(found.index + found[0].length);
          return found[0];
        }
        if (performance.now() >= until) throw new Error(`${what} was never shown, but ${JSON.stringify(this.#shown)}`);
        await new Promise<void>((resolve) => (this.#changed = resolve));
      }
    } finally {
      clearTimeout(end);
    }
  }
}
