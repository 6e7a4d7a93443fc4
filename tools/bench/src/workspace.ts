import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A directory of the bench's own, and what is to be put back in the user's. Both happen on every way out: at the end,
 * after an error, after Ctrl-C.
 */
export class Workspace implements AsyncDisposable {
  readonly directory: string = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-bench-')));
  readonly #abort = new AbortController();
  readonly #undo = new Set<() => void>();
  readonly #stop = (): void => this.#abort.abort();
  readonly #leave = (): void => this.#cleanUp();

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, this.#stop);
    process.on('exit', this.#leave);
  }

  /** Aborted by Ctrl-C. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  path(...elements: readonly string[]): string {
    return join(this.directory, ...elements);
  }

  /** Returns what takes the promise back, after it was done. */
  undoAtExit(undo: () => void): () => void {
    this.#undo.add(undo);
    return () => {
      this.#undo.delete(undo);
      undo();
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, this.#stop);
    process.off('exit', this.#leave);
    this.#cleanUp();
  }

  #cleanUp(): void {
    for (const undo of this.#undo) undo();
    this.#undo.clear();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}
