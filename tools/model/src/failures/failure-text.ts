import type { ExitCodeName } from '../exit-code.ts';

/** What is said of a failure with these facts. */
export interface FailureText<Facts> {
  readonly exit: ExitCodeName;
  /** The fact, one sentence. */
  message(facts: Facts): string;
  /** What to type or to edit. */
  hint(facts: Facts): string;
}

/** Of each code of an area. */
export type FailureTexts<Area> = { readonly [C in keyof Area]: FailureText<Area[C]> };
