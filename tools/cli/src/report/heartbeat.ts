import type { Step, StepId } from '@slipway/model';
import type { Output, Reporter } from './reporter.ts';
import { formatDuration } from './words.ts';

/** Milliseconds without a word after which a log looks dead. */
const SILENCE = 30_000;

interface Running {
  readonly step: Step;
  readonly since: number;
}

/** Says what still runs where nothing else was said for a while: for pipes and CI, where nobody sees a clock. */
export function withHeartbeat(next: Reporter, output: Output): Reporter {
  const running = new Map<StepId, Running>();
  let tested = 0;
  const beat = (): void => {
    for (const each of running.values()) output.write(`${formatRunning(each, tested)}\n`);
  };
  const timer = setInterval(beat, SILENCE).unref();
  return {
    emit(event) {
      timer.refresh();
      if (event.kind === 'step-started') running.set(event.step.id, { step: event.step, since: event.at });
      if (event.kind === 'step-finished') running.delete(event.step.id);
      if (event.kind === 'package-tested') tested++;
      next.emit(event);
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      next[Symbol.dispose]();
    },
  };
}

/** `running   build kubectl for linux/amd64 (2m30s)`; of tests also how many packages are done, of all that were looked at. */
function formatRunning({ step, since }: Running, tested: number): string {
  const elapsed = formatDuration(performance.now() - since);
  const isTest = step.kind === 'exec' && step.tests !== undefined;
  const done = isTest ? `, ${tested} of ${step.actions?.length ?? 0} packages done` : '';
  return `running   ${step.title} (${elapsed}${done})`;
}
