import { lstatSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { runAttached, watchTree } from '@slipway/adapters';
import { isTest } from '@slipway/catalog';
import { absolute, outputNames, publishedDir } from '@slipway/plan';
import { hostPlatform } from '@slipway/facts';
import { type Answer, answer } from '../answer.ts';
import type { Asking, Services } from '../services.ts';
import { Running } from './watch-running.ts';

/** Milliseconds of quiet after a change, because editors write a file in several steps. */
const QUIET = 40;
/** Maximum milliseconds to wait while files keep changing. */
const LONGEST = 400;

/**
 * Builds the targets, and again after each change of the tree. Each build is a separate process, as if typed by hand.
 * With --run, slipway restarts a command after a successful build with changed binaries, and ends the old one first.
 * Ctrl-C ends it.
 */
export async function watch(asking: Asking): Promise<Answer> {
  const { root } = await asking.tree();
  const { line, services } = asking;
  const command = line.words.some(isTest) ? undefined : line.testing.run;
  const changes = new Changes();
  const names = outputNames(line.variables);
  const output = absolute(root, names.root);
  using _watching = watchTree(root, {
    ignores: (path) => path === output || isOfOthers(basename(path)),
    onChange: (path) => changes.add(path),
  });
  const binaries = absolute(root, publishedDir(names, hostPlatform()));
  const running = new Running(command, { cwd: services.cwd, services });
  try {
    for (let why = ''; !services.signal.aborted; why = await changes.next(services.signal, root)) {
      if (why !== '') services.progress(`changed   ${why}`);
      const ok = await work(line.typed, command !== undefined, services);
      if (ok && !services.signal.aborted) await running.renew(stampsOf(binaries));
      services.progress(`watching  ${root}: Ctrl-C ends it`);
    }
  } finally {
    await running.end();
  }
  return answer([]);
}

/** Files that git, editors and tests leave everywhere. */
const isOfOthers = (name: string): boolean =>
  name === '.git' || name === 'node_modules' || name === '4913' || /^\.#|^#.*#$|~$|\.sw[a-z]$|\.tmp$/.test(name);

async function work(typed: readonly string[], takesRun: boolean, services: Services): Promise<boolean> {
  const program = [process.execPath, ...process.execArgv, process.argv[1]!];
  const argv = [...program, ...withoutWatch(typed, takesRun)];
  const { environment: env, signal } = services;
  return (await runAttached({ argv, cwd: process.cwd(), env, signal })) === 0;
}

/** The typed words without --watch, for the process that builds once. */
export function withoutWatch(typed: readonly string[], takesRun: boolean): string[] {
  const first = typed.findIndex((word) => word === 'watch' || word === '--watch');
  const rest = typed.filter((_, i) => i !== first);
  if (!takesRun) return rest;
  const at = rest.indexOf('--run');
  return rest.filter((word, i) => !word.startsWith('--run=') && (at < 0 || (i !== at && i !== at + 1)));
}

/** Stamps of the files in a directory. They change when slipway publishes one. */
function stampsOf(directory: string): string {
  try {
    return readdirSync(directory)
      .map((name) => {
        const { ino, mtimeMs, size } = lstatSync(join(directory, name));
        return [name, ino, mtimeMs, size].join(' ');
      })
      .join('\n');
  } catch {
    return '';
  }
}

/** Paths that changed since the last call. */
class Changes {
  #paths = new Set<string>();
  #since = 0;
  #wake: () => void = () => {};

  add(path: string): void {
    if (this.#paths.size === 0) this.#since = performance.now();
    this.#paths.add(path);
    this.#wake();
  }

  /** Waits for a change and for quiet. Returns the changed files, for users. */
  async next(signal: AbortSignal, root: string): Promise<string> {
    while (!signal.aborted && (await this.#isNew(signal)) && performance.now() - this.#since < LONGEST);
    const paths = [...this.#paths].map((path) => relative(root, path));
    this.#paths = new Set();
    return `${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''}`;
  }

  /** Waits for the first change, without a time limit. Then reports whether more arrived. */
  async #isNew(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#paths.size === 0 ? undefined : setTimeout(() => end(false), QUIET);
      const keep = setInterval(() => {}, 60_000);
      const end = (isNew: boolean): void => {
        clearTimeout(timer);
        clearInterval(keep);
        signal.removeEventListener('abort', stop);
        this.#wake = () => {};
        resolve(isNew);
      };
      const stop = (): void => end(false);
      this.#wake = () => end(true);
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
