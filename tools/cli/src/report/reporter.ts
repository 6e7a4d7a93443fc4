import type { EventKind, EventOf, Event, Moved } from '@slipway/model';

/** A reporter's handler for each kind of event. A missing kind is a compile error. */
export type Handlers = { readonly [K in EventKind]: (event: EventOf<K>) => void };

/** Reports the current task, and repeats it with its progress. */
export type Progress = (text: string, moved?: Moved) => void;

export interface Reporter extends Disposable {
  emit(event: Event): void;
  /** A person watches it live. */
  readonly isView?: boolean;
  /** Shows progress before the plan exists. Without it a line is printed. */
  readonly note?: Progress | undefined;
}

/** The destination of reporters: a terminal, a pipe, or a test. */
export interface Output {
  write(text: string): void;
}

export const reporterOf = (handlers: Handlers, dispose: () => void = () => {}): Reporter => ({
  emit: <K extends EventKind>(event: EventOf<K>) => (handlers[event.kind as K] as (event: EventOf<K>) => void)(event),
  [Symbol.dispose]: dispose,
});

/**
 * A reporter that forwards all events to `next` and has the same kind. `see` gets each event first. The creator of
 * `next` disposes of it.
 */
export const watched = (next: Reporter, see: (event: Event) => void): Reporter => ({
  ...next,
  emit(event) {
    see(event);
    next.emit(event);
  },
  [Symbol.dispose]() {},
});
