import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './processes.ts';
import type { Repo } from './repo-rig.ts';

/** Holds one of Go's tools until it is opened, so that a build stays in the middle for as long as a test wants. */
export class BlockedGoTool {
  readonly #directory: string;
  /** For GOFLAGS. */
  readonly goFlags: string;

  constructor(tree: Repo, tool: 'compile' | 'link' = 'link') {
    this.#directory = tree.path('../gate');
    mkdirSync(this.#directory);
    const script = [
      '#!/bin/sh',
      `case "$1 $2" in`,
      `  *'/${tool} -V=full') ;;`,
      `  *'/${tool} '*) : >'${this.#directory}/reached'; while [ ! -e '${this.#directory}/open' ]; do sleep 0.02; done ;;`,
      'esac',
      'exec "$@"',
      '',
    ].join('\n');
    tree.write({ '../gate/toolexec': script });
    this.goFlags = `-toolexec=${join(this.#directory, 'toolexec')}`;
  }

  reached(): Promise<void> {
    return until("Go's tool comes to the gate", () => existsSync(join(this.#directory, 'reached')));
  }

  open(): void {
    writeFileSync(join(this.#directory, 'open'), '');
  }
}
