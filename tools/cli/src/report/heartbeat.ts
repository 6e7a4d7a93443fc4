import type { Output, Reporter } from './reporter.ts';
import { type RunningStep, RunState, type Usual } from './run-state.ts';
import { formatDuration, formatLeft, formatMoved, formatProgress, formatWriting } from './words.ts';

/** Milliseconds without output after which users think that a run hangs. */
const SILENCE = 30_000;

interface Beating {
  readonly output: Output;
  /** Where progress before the plan is printed. */
  readonly errors: Output;
  readonly usual?: Usual | undefined;
}

/** Prints each half minute what runs and its progress, for pipes and CI, which have no live view. */
export function withHeartbeat(next: Reporter, { output, errors, usual }: Beating): Reporter {
  const state = new RunState(usual);
  const beat = (): void => {
    const now = performance.now();
    if (state.plan === undefined) output.write(`running   ${state.preparing} (${formatDuration(now - state.began)})\n`);
    if (state.cache?.isEnd === true) output.write(`running   ${formatWriting(state.cache)}\n`);
    for (const each of state.running.values()) output.write(`${formatRunning(each, state, now)}\n`);
    if (state.running.size > 1) output.write(`          ${formatSteps(state, now)}\n`);
  };
  const timer = setInterval(beat, SILENCE).unref();
  return {
    note(text, moved) {
      state.prepare(text, moved);
      if (moved === undefined) errors.write(`${text}\n`);
    },
    emit(event) {
      state.add(event);
      next.emit(event);
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      next[Symbol.dispose]();
    },
  };
}

const formatSteps = (state: RunState, now: number): string =>
  [`${state.outcomes.length} of ${state.total} steps done`, formatLeft(state.left(now))].filter(Boolean).join(', ');

/** `running   kubectl for linux/amd64 (2m30s: 1204 of 2210 packages, 3 of 17 links, about 2m left)`. */
function formatRunning(each: RunningStep, state: RunState, now: number): string {
  const { step, at, go } = each;
  const isTest = step.kind === 'exec' && step.tests !== undefined;
  const tests = isTest ? `${state.tests.tested.length} of ${step.actions?.length ?? 0} packages done` : '';
  const moved = state.bytes.get(step.id);
  const bytes = moved === undefined ? tests : formatMoved(moved);
  const done = [go === undefined ? bytes : formatProgress(go.progress), formatLeft(state.leftOf(each, now))].filter(
    Boolean,
  );
  return `running   ${step.title} (${formatDuration(now - at)}${done.length === 0 ? '' : `: ${done.join(', ')}`})`;
}
