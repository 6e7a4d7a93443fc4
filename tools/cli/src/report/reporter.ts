import type { EventKind, EventOf, Event, Moved } from '@slipway/model';

/** What a reporter does with each kind of event; a kind left out does not compile. */
export type Handlers = { readonly [K in EventKind]: (event: EventOf<K>) => void };

/** What is done now; the same again with how far it is. */
export type Progress = (text: string, moved?: Moved) => void;

export interface Reporter extends Disposable {
  emit(event: Event): void;
  /** Somebody looks at it while it changes. */
  readonly isView?: boolean;
  /** Shows what is done before there is a plan; without it a line is printed. */
  readonly note?: Progress | undefined;
}

/** Where reporters print; a terminal, a pipe, or a test. */
export interface Output {
  write(text: string): void;
}

export const reporterOf = (handlers: Handlers, dispose: () => void = () => {}): Reporter => ({
  emit: <K extends EventKind>(event: EventOf<K>) => (handlers[event.kind as K] as (event: EventOf<K>) => void)(event),
  [Symbol.dispose]: dispose,
});

/** A reporter that is told all that `next` is told, and stays what `next` is; `see` hears each event first. Who made `next` disposes of it. */
export const watched = (next: Reporter, see: (event: Event) => void): Reporter => ({
  ...next,
  emit(event) {
    see(event);
    next.emit(event);
  },
  [Symbol.dispose]() {},
});
