import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The bench's own directory, and the user's files to restore. Both happen at the end in every case: after success,
 * after an error, and after Ctrl-C.
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

  /** Returns a function that removes the request, for use after the work was undone. */
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
