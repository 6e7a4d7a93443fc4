/** Bytes that were moved, and of how many, where that is known. */
export interface Moved {
  readonly done: number;
  readonly total?: number;
}

/** Who moves bytes tells it here. */
export interface Meter {
  /** So many more will come. */
  expect(bytes: number): void;
  moved(bytes: number): void;
}

/** Milliseconds between two things that are told: what is moved sooner is not told at all. */
const TELL = 400;

export function meterOf(tell: (moved: Moved) => void): Meter {
  let told = performance.now();
  let done = 0;
  let total = 0;
  return {
    expect(bytes) {
      total += bytes;
    },
    moved(bytes) {
      done += bytes;
      const now = performance.now();
      if (now - told < TELL) return;
      told = now;
      tell(total < done ? { done } : { done, total });
    },
  };
}

/** The same pieces, counted when they are passed on. */
export async function* metered<T extends Uint8Array>(pieces: AsyncIterable<T>, meter?: Meter): AsyncGenerator<T> {
  for await (const piece of pieces) {
    yield piece;
    meter?.moved(piece.length);
  }
}
