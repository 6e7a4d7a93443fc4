/** Bytes moved so far, and the total if it is known. */
export interface Moved {
  readonly done: number;
  readonly total?: number;
}

/** Code that moves bytes reports them here. */
export interface Meter {
  /** Announces this many more bytes. */
  expect(bytes: number): void;
  moved(bytes: number): void;
}

/** Milliseconds between two reports. Shorter transfers are not reported. */
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

/** Passes the pieces on and counts them. */
export async function* metered<T extends Uint8Array>(pieces: AsyncIterable<T>, meter?: Meter): AsyncGenerator<T> {
  for await (const piece of pieces) {
    yield piece;
    meter?.moved(piece.length);
  }
}
