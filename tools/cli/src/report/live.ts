import { createLogUpdate } from 'log-update';
import type { Event } from '@slipway/model';
import { printable } from '@slipway/model';
import type { Paint } from './color.ts';
import { fit, picture } from './picture.ts';
import { type Reporter, reporterOf } from './reporter.ts';
import { RunState, type Usual } from './run-state.ts';
import { type TellOptions, tellRun } from './tell-run.ts';
import { formatDuration } from './words.ts';

/** How often the view is drawn again, in milliseconds; slow enough to be calm. */
const REDRAW = 250;

interface LiveOptions extends TellOptions {
  readonly paint: Paint;
  readonly usual?: Usual | undefined;
}

/** One view for a person at a terminal: what runs, how far it is and how long it takes. What is said stays above it. */
export function liveReporter(stream: NodeJS.WriteStream, options: LiveOptions): Reporter {
  const { paint, usual } = options;
  const view = createLogUpdate(stream);
  const say = (text: string): void => view.persist(paint(printable(text)));
  const state = new RunState(usual);
  let stopped = false;
  const draw = (): void => {
    if (stopped) return;
    const screen = { columns: stream.columns ?? 80, rows: stream.rows ?? 24 };
    view(paint(picture(state, screen, performance.now()).join('\n')));
  };
  const timer = setInterval(draw, REDRAW);
  // The terminal wraps what is there in its own way.
  const resized = (): void => {
    view.clear();
    draw();
  };
  stream.on('resize', resized);
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    clearInterval(timer);
    stream.off('resize', resized);
    view.clear();
    view.done();
  };
  const told = reporterOf(
    tellRun(
      state,
      {
        say,
        waiting: draw,
        started: draw,
        finished: ({ step, outcome, milliseconds }) =>
          step.kind === 'exec' && outcome.is !== 'skipped'
            ? fit(
                `  ${outcome.is.padEnd(8)} ${formatDuration(milliseconds).padStart(6)}  ${step.title}`,
                stream.columns ?? 80,
              )
            : undefined,
      },
      options,
    ),
  );
  const emit = (event: Event): void => {
    state.add(event);
    if (event.kind === 'run-finished') stop();
    told.emit(event);
  };
  const note = (text: string): void => {
    if (stopped) return say(text);
    state.preparing = text;
    draw();
  };
  draw();
  return { emit, note, [Symbol.dispose]: stop };
}
