import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Memo } from '@slipway/adapters';
import { type EmitEvent, type GoBuild, type Step, type TakeLine, closureInput } from '@slipway/model';
import type { GraphPackage } from '../graph/port.ts';
import { linksBegun } from './links-begun.ts';
import { timeLeft } from './time-left.ts';
import { type Took, readTook, writeTook } from './took.ts';
import { type LinkWork, WorkState } from './work-state.ts';
import type { Identity } from '../up-to-date/identity.ts';
import type { Watch } from '../up-to-date/watch-go.ts';
import { spansOf } from './spans.ts';

/** Minimum milliseconds between two reports. */
const TELL = 500;

/** One step of Go, from before its first call until after its last. */
export interface Following {
  /** Flags after the subcommand that make Go name each package it begins to compile. */
  readonly flags: readonly string[];
  readonly take: TakeLine | undefined;
  /** Called after the last call. `ok`: everything was built. */
  end(ok: boolean): void;
}

interface Followed {
  readonly step: Step;
  readonly identities: readonly Identity[];
  readonly watch: Watch;
  readonly emit: EmitEvent;
  readonly memo: Memo;
  readonly goroot: string;
  readonly onlyLinksLeft: (() => void) | undefined;
  /** Go's scratch directory; undefined if it is not on this machine. */
  readonly scratch: string | undefined;
}

const NOBODY: Following = { flags: [], take: undefined, end() {} };

/**
 * Reports the progress of Go, and records all durations. For tests, another reader parses the output, so Go does not
 * name packages.
 */
export function followGo(followed: Followed): Following {
  const { step, identities, goroot } = followed;
  const build = identities.map(({ action }) => closureInput(action)?.build).find((each) => each !== undefined);
  // A worker reports nothing until it is done.
  if (build === undefined || step.kind !== 'exec' || step.place === 'remote') return NOBODY;
  const following = new FollowedCall(followed, build, (name) => isDirectory(join(goroot, 'src', name)));
  const end = (ok: boolean): void => following.end(ok);
  return following.isBuild ? { flags: ['-v'], take: (line) => following.take(line), end } : { ...NOBODY, end };
}

class FollowedCall {
  readonly isBuild: boolean;
  private readonly followed: Followed;
  private readonly build: GoBuild;
  private readonly isLibrary: (name: string) => boolean;
  private readonly state: WorkState;
  private readonly took: Took | undefined;
  private readonly began = performance.now();
  private readonly before: ReadonlyMap<string, number>;
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly linkTimer: NodeJS.Timeout | undefined;
  private said = '';

  constructor(followed: Followed, build: GoBuild, isLibrary: (name: string) => boolean) {
    this.followed = followed;
    this.build = build;
    this.isLibrary = isLibrary;
    const { step, identities, memo } = followed;
    this.isBuild = step.kind === 'exec' && step.tests === undefined && ['build', 'install'].includes(build.flags[0]!);
    const packages = new Map(identities.flatMap(({ closure }) => closure?.packages ?? []).map(named));
    const links = identities.flatMap(({ closure, outputs }): LinkWork[] =>
      closure === undefined || outputs.length === 0 ? [] : [{ importPath: closure.root, outputs }],
    );
    this.state = new WorkState(packages, links, availableParallelism());
    this.took = readTook(memo, build);
    this.before = new Map(links.flatMap(({ outputs }) => outputs.map((path) => [path, timeOf(path)])));
    if (this.isBuild) {
      this.timer = setInterval(() => this.tell(), TELL).unref();
      this.tell();
    }
    if (links.length > 0 && followed.onlyLinksLeft !== undefined)
      this.linkTimer = setInterval(() => this.lookForLinks(), TELL).unref();
  }

  take(line: string): boolean {
    if (this.state.begin(line, performance.now())) {
      if (this.state.hasBegunCommands) this.followed.onlyLinksLeft?.();
      return true;
    }
    if (!/^[a-z][\w./-]*$/.test(line) || !(this.state.library.has(line) || this.isLibrary(line))) return false;
    this.state.library.add(line);
    this.state.expectAll();
    return true;
  }

  end(ok: boolean): void {
    clearInterval(this.timer);
    clearInterval(this.linkTimer);
    if (this.isBuild) {
      if (ok) this.state.endAll();
      this.tell();
    }
    this.tellWork();
  }

  /** For commands that Go compiled earlier, and for `go test`: Go prints no names for these. */
  private lookForLinks(): void {
    if (linksBegun(this.followed.scratch) < this.state.links.length) return;
    clearInterval(this.linkTimer);
    this.followed.onlyLinksLeft?.();
  }

  /** Reports the times that Go writes at its end. */
  private tellWork(): void {
    const { watch, step, emit, memo } = this.followed;
    const actions = watch.actions();
    const spans = spansOf(actions);
    const kept = actions.filter(({ Mode, Cmd }) => Mode === 'build' && (Cmd ?? []).length === 0).length;
    if (actions.length > 0) emit({ kind: 'go-worked', id: step.id, spans, kept, at: performance.now() });
    if (this.isBuild) writeTook(memo, this.build, { spans, isLibrary: this.isLibrary });
  }

  private tell(): void {
    const { state, took, began } = this;
    for (const link of state.linksAhead())
      if (link.outputs.every((path) => timeOf(path) > this.before.get(path)!)) state.noteLinked(link);
    const now = performance.now();
    const { done, kept, links } = state.counts;
    const { packages, links: linking } = state.current;
    const hasBegun = done + packages.length + state.library.size > 0;
    const progress = {
      packages: { done, total: state.graph.packages.length },
      ...{ kept, library: state.library.size, links: { done: links, total: state.links.length } },
      current: [...packages, ...linking.map(({ importPath }) => importPath)],
      left: took === undefined || !hasBegun ? undefined : Math.round(timeLeft({ state, took, since: began, now })),
    };
    const told = JSON.stringify({ ...progress, left: undefined });
    if (told === this.said) return;
    this.said = told;
    this.followed.emit({ kind: 'go-progressed', id: this.followed.step.id, progress, at: now });
  }
}

const named = (one: GraphPackage): [string, GraphPackage] => [one.importPath, one];

/** 0 if the file cannot be read; the code that needs it reports the error. */
function timeOf(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  } catch {
    return 0;
  }
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
