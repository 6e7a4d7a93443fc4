import { createLogUpdate } from 'log-update';
import type { Event } from '@slipway/model';
import { printable } from '@slipway/model';
import type { Paint } from './color.ts';
import { fit, picture } from './picture.ts';
import { type Progress, type Reporter, reporterOf } from './reporter.ts';
import { RunState, type Usual } from './run-state.ts';
import { type TellOptions, tellRun } from './tell-run.ts';
import { formatDuration } from './words.ts';

/** Milliseconds between two redraws; slow enough to be calm. */
const REDRAW = 250;

interface LiveOptions extends TellOptions {
  readonly paint: Paint;
  readonly usual?: Usual | undefined;
}

/** A live view for a terminal: what runs, its progress and its duration. Printed lines stay above it. */
export function liveReporter(stream: NodeJS.WriteStream, options: LiveOptions): Reporter {
  const { paint, usual } = options;
  const view = createLogUpdate(stream);
  // Not `view.persist`, which breaks lines at the width of the terminal: a path in two parts cannot be copied.
  const say = (text: string): void => {
    view.clear();
    stream.write(`${paint(printable(text))}\n`);
  };
  const state = new RunState(usual);
  let stopped = false;
  let drawn: readonly string[] = [];
  const draw = (): void => {
    if (stopped) return;
    const screen = { columns: stream.columns ?? 80, rows: stream.rows ?? 24 };
    drawn = picture(state, screen, performance.now());
    view(paint(drawn.join('\n')));
  };
  let timer = setInterval(draw, REDRAW);
  // Most terminals rewrap the screen before they report the new size. Then the old view has more rows than were drawn.
  const resized = (): void => {
    const more = drawn.reduce((sum, row) => sum + Math.max(0, Math.ceil(row.length / (stream.columns ?? 80)) - 1), 0);
    view.clear();
    stream.write('\u001B[1A\u001B[2K'.repeat(more));
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
  /** Opens the view again while the run waits after the last step. */
  const open = (): void => {
    if (!stopped) return;
    stopped = false;
    timer = setInterval(draw, REDRAW);
    stream.on('resize', resized);
  };
  const emit = (event: Event): void => {
    state.add(event);
    if (event.kind === 'cache-moved' && event.isEnd) open();
    if (event.kind === 'run-finished' || event.kind === 'cache-shared') stop();
    told.emit(event);
  };
  const note: Progress = (text, moved) => {
    if (stopped) return moved === undefined ? say(text) : undefined;
    state.prepare(text, moved);
    draw();
  };
  draw();
  return { isView: true, emit, note, [Symbol.dispose]: stop };
}
