import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findProgram } from '@slipway/facts';
import { type Environment, type Event, goBuildOf } from '@slipway/model';
import { type FixtureName, Repo, type RunOptions } from './repo-rig.ts';
import { type Ended, cleanEnvironment, goCommand } from './slipway-process.ts';

/** One call of go or git, as the program saw it. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  /** GOOS/GOARCH of its environment; `/` where they are not set. */
  readonly platform: string;
}

/** How one command of a run ended, and why. */
export interface ToldStatus {
  readonly is: 'ran' | 'fresh' | 'restored' | 'failed';
  readonly why: string;
}

export interface Built extends Ended {
  /** By `linux/amd64 kubectl`, of the Go steps that ended well. */
  readonly statuses: ReadonlyMap<string, ToldStatus>;
  /** Of this run. */
  readonly calls: readonly Call[];
}

/** Between the words of a call in the log. */
const MARK = '\u001F';

/**
 * A tree whose store and records of runs are its own, and whose go and git write their calls down. Go's cache is the one
 * all tests share.
 */
export class WatchedRepo extends Repo {
  override readonly env: Environment;
  readonly #log: string;
  readonly #hooks: string;

  constructor(fixture: FixtureName | 'empty', name?: string) {
    super(fixture, name);
    this.#log = join(this.base, 'calls');
    this.#hooks = join(this.base, 'hooks');
    mkdirSync(this.#hooks);
    writeFileSync(this.#log, '');
    const { PATH = '', ...others } = cleanEnvironment(this.home);
    const go = this.#writeGoroot(join(this.base, 'goroot'));
    const git = this.#writeLogging(join(this.base, 'programs', 'git'), findProgram('git', { PATH })!);
    this.env = {
      ...others,
      PATH: [dirname(go), dirname(git), PATH].join(delimiter),
      XDG_CACHE_HOME: join(this.base, 'caches'),
    };
  }

  /** Where what was built is kept. */
  get store(): string {
    return join(this.base, 'caches/slipway/store');
  }

  /** As a machine that has nothing. */
  forgetAll(): void {
    rmSync(this.path('_output'), { recursive: true, force: true });
    rmSync(join(this.store, '..'), { recursive: true, force: true });
  }

  /** The calls since the last question. */
  calls(): Call[] {
    const lines = readFileSync(this.#log, 'utf8').split('\n').slice(0, -1);
    writeFileSync(this.#log, '');
    return lines.map((line) => {
      const [program = '', platform = '', ...args] = line.split(MARK);
      return { program, platform, args: args.slice(0, -1) };
    });
  }

  /** A line of shell for the moment when Go is next about to build, or has listed packages, but has not ended. */
  once(moment: 'before build' | 'after list', line: string): void {
    writeFileSync(join(this.#hooks, moment.slice(moment.indexOf(' ') + 1)), line);
  }

  /** Runs slipway, with `--json`, and says what became of each command. */
  async build(args: readonly string[] = ['all'], options?: RunOptions): Promise<Built> {
    this.calls();
    const ended = await this.slipway(['--json', ...args], options);
    return { ...ended, statuses: readStatuses(ended.stdout), calls: this.calls() };
  }

  /** A GOROOT whose go writes its calls down; all else is the real one's. */
  #writeGoroot(directory: string): string {
    const real = dirname(dirname(realpathSync(goCommand())));
    const command = this.#writeLogging(join(directory, 'bin', 'go'), goCommand());
    writeFileSync(join(directory, 'VERSION'), readFileSync(join(real, 'VERSION')));
    for (const name of ['src', 'pkg']) symlinkSync(join(real, name), join(directory, name));
    return command;
  }

  #writeLogging(path: string, program: string): string {
    mkdirSync(dirname(path), { recursive: true });
    const script = [
      '#!/bin/sh',
      `line="\${0##*/}${MARK}\${GOOS-}/\${GOARCH-}${MARK}"`,
      `for word; do line="$line$word${MARK}"; done`,
      // A single write, as calls may come at the same time.
      `printf '%s\\n' "$line" >>'${this.#log}'`,
      `if [ -e "${this.#hooks}/$1" ] && mv "${this.#hooks}/$1" "${this.#hooks}/now"; then`,
      `  [ "$1" = build ] || '${program}' "$@"; exit=$?`,
      `  sh '${this.#hooks}/now'; [ "$1" = build ] || exit $exit`,
      'fi',
      `exec '${program}' "$@"`,
      '',
    ];
    writeFileSync(path, script.join('\n'), { mode: 0o755 });
    return path;
  }
}

/** Calls that compile and link. */
export const goBuilds = (calls: readonly Call[]): Call[] =>
  calls.filter(({ program, args }) => program === 'go' && ['build', 'install', 'test'].includes(args[0] ?? ''));

function readStatuses(stdout: string): Map<string, ToldStatus> {
  const statuses = new Map<string, ToldStatus>();
  for (const line of stdout.split('\n').filter((text) => text.startsWith('{'))) {
    const event = JSON.parse(line) as Event;
    if (event.kind !== 'step-finished' || goBuildOf(event.step) === undefined) continue;
    for (const { name, is, why } of event.outcome.parts ?? [])
      statuses.set(`${goBuildOf(event.step)!.platform} ${name}`, { is, why });
  }
  return statuses;
}

/** Names by what became of them: `{ ran: ['a'], fresh: ['b', 'c'] }`. */
export function byStatus({ statuses }: Built): Partial<Record<ToldStatus['is'], string[]>> {
  const grouped = Map.groupBy(statuses, ([, { is }]) => is);
  return Object.fromEntries(
    [...grouped].map(([is, entries]) => [is, entries.map(([name]) => name.slice(name.indexOf(' ') + 1)).sort()]),
  );
}
