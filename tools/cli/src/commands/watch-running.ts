import { runAttached } from '@slipway/adapters';
import type { Services } from '../services.ts';

/** The command that is restarted. */
export class Running {
  readonly #command: string | undefined;
  readonly #services: Services;
  readonly #cwd: string;
  #made = '';
  #stop: AbortController | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(command: string | undefined, { cwd, services }: { readonly cwd: string; readonly services: Services }) {
    this.#command = command;
    this.#services = services;
    this.#cwd = cwd;
  }

  /** Starts the command, or restarts it if its binaries changed. */
  async renew(made: string): Promise<void> {
    if (this.#command === undefined || (this.#stop !== undefined && made === this.#made)) return;
    await this.end();
    this.#made = made;
    const stop = new AbortController();
    this.#stop = stop;
    this.#services.progress(`run       ${this.#command}`);
    this.#ended = runAttached({
      argv: ['sh', '-c', this.#command],
      ...{ cwd: this.#cwd, env: this.#services.environment, signal: stop.signal },
    }).then((exit) => {
      if (!stop.signal.aborted) this.#services.progress(`ended     ${this.#command} (${exit ?? 'by a signal'})`);
    });
  }

  /** Ends the command and all its child processes. */
  async end(): Promise<void> {
    this.#stop?.abort('SIGINT');
    await this.#ended;
    this.#stop = undefined;
  }
}
