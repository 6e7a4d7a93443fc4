import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Environment, Platform } from '@slipway/model';
import { hostPlatform } from '@slipway/facts';
import { type Ended, type Running, type Starting, cleanEnvironment, startSlipway } from './slipway-process.ts';

export type FixtureName = 'cgo' | 'plain' | 'workspace' | 'configured' | 'vendored' | 'kubernetes-shaped';

export interface RunOptions extends Pick<Starting, 'wrapper'> {
  /** Set on top of the clean environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Relative to the tree. */
  readonly cwd?: string;
}

/** A copy of a fixture that is a git repository of its own, and the tool run on it. Disposing removes all of it. */
export class Repo implements AsyncDisposable {
  /** Holds the tree, its HOME, and whatever else a test wants beside them. */
  readonly base: string;
  readonly dir: string;
  readonly home: string;
  readonly env: Environment;
  readonly #running = new Set<Running>();

  constructor(fixture: FixtureName | 'empty', name = 'tree') {
    this.base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-e2e-')));
    this.dir = join(this.base, name);
    this.home = join(this.base, 'home');
    this.env = cleanEnvironment(this.home);
    mkdirSync(this.home);
    if (fixture === 'empty') mkdirSync(this.dir, { recursive: true });
    else
      cpSync(resolve(import.meta.dirname, '../fixtures', fixture, 'repo'), this.dir, {
        recursive: true,
        verbatimSymlinks: true,
      });
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  /** Writes files of the tree; undefined removes one. */
  write(files: Readonly<Record<string, string | undefined>>): this {
    for (const [path, text] of Object.entries(files)) {
      rmSync(this.path(path), { recursive: true, force: true });
      if (text === undefined) continue;
      mkdirSync(dirname(this.path(path)), { recursive: true });
      writeFileSync(this.path(path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
    }
    return this;
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.dir,
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  }

  /** Makes the tree a repository with all its files in a first commit. */
  init(tag?: string): this {
    this.git('init', '--quiet', '--initial-branch=main', '--template=');
    return this.commit('first', tag);
  }

  commit(message: string, tag?: string): this {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', `--message=${message}`);
    if (tag !== undefined) this.git('tag', tag);
    return this;
  }

  start(args: readonly string[], { env = {}, cwd = '.', wrapper }: RunOptions = {}): Running {
    const together = Object.entries({ ...this.env, ...env }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const running = startSlipway(args, {
      cwd: this.path(cwd),
      env: Object.fromEntries(together),
      ...(wrapper === undefined ? {} : { wrapper }),
    });
    this.#running.add(running);
    void running.ended.finally(() => this.#running.delete(running)).catch(() => {});
    return running;
  }

  slipway(args: readonly string[], options?: RunOptions): Promise<Ended> {
    return this.start(args, options).ended;
  }

  /** Relative to the tree: `_output/local/bin/<os>/<arch>/<name>`. */
  published(name: string, platform: Platform = hostPlatform(), outDir = '_output'): string {
    return join(outDir, 'local/bin', platform, platform.startsWith('windows/') ? `${name}.exe` : name);
  }

  /** The output of a binary of the host. */
  output(path: string): string {
    return execFileSync('sh', ['-c', '"$0" 2>&1', resolve(this.dir, path)], { encoding: 'utf8' }).trimEnd();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const running of this.#running) running.signal('SIGKILL', 'group');
    await Promise.allSettled([...this.#running].map((running) => running.ended));
    execFileSync('chmod', ['-R', 'u+rwX', this.base]);
    rmSync(this.base, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A fixture as a repository with one commit, tagged v1.2.3. */
export const repo = (fixture: FixtureName, name?: string): Repo => new Repo(fixture, name).init('v1.2.3');
