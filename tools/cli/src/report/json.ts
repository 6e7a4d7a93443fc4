import type { Output, Reporter } from './reporter.ts';

/** Every event as it is, one JSON object a line. */
export const jsonReporter = (output: Output): Reporter => ({
  emit: (event) => output.write(`${jsonOf(event)}\n`),
  [Symbol.dispose]() {},
});

/** JSON without the passwords an inherited GOPROXY or proxy variable may hold: `https://user:secret@host` → `https://***@host`. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'string' ? each.replaceAll(/(:\/\/)[^/@\s]+@/g, '$1***@') : each,
  );
