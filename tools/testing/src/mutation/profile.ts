/**
 * A CPU profile in pprof's form, in which main.main calls one function all the time: Go then inlines that call. Its `func` is line 1.
 */
export function profileOf(callee: string, line: number): Buffer {
  const strings = ['', 'samples', 'count', 'main.main', callee, 'f.go'];
  const functions = [3, 4].map((name, at) =>
    message(5, [...int(1, at + 1), ...int(2, name), ...int(4, 5), ...int(5, 1)]),
  );
  const locations = [line, 2].map((one, at) =>
    message(4, [...int(1, at + 1), ...message(4, [...int(1, at + 1), ...int(2, one)])]),
  );
  return Buffer.from([
    ...message(1, [...int(1, 1), ...int(2, 2)]),
    // The innermost location comes first.
    ...message(2, [...int(1, 2), ...int(1, 1), ...int(2, 1000)]),
    ...locations.flat(),
    ...functions.flat(),
    ...strings.flatMap((text) => message(6, [...Buffer.from(text)])),
  ]);
}

/** Fields of protocol buffers. https://github.com/google/pprof/blob/main/proto/profile.proto */
const int = (field: number, value: number): number[] => [field << 3, ...varint(value)];
const message = (field: number, bytes: readonly number[]): number[] => [
  (field << 3) | 2,
  ...varint(bytes.length),
  ...bytes,
];
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
