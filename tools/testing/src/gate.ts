import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Repo } from './repo-rig.ts';

/** Longer than anything a test waits for takes on a busy machine. */
const PATIENCE = 60_000;

/** Waits until something holds; fails with `what` when it never does. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await sleep(10);
  }
}

/** Holds one of Go's tools until it is opened: a build that is in the middle for as long as a test wants. */
export class Gate {
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

/** Why processes cannot be looked at here. */
export const whyNoProcesses = existsSync('/proc/self/environ')
  ? undefined
  : 'there is no /proc to look for processes in';

/** Command lines of the processes that were started in a directory or for it: it is in their environment. */
export function processesOf(directory: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    try {
      const isOf = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(directory);
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return isOf && command !== '' ? [command] : [];
    } catch {
      // It ended meanwhile, or is somebody else's.
      return [];
    }
  });
}
