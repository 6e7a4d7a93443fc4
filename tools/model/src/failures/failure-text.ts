import type { ExitCodeName } from '../exit-code.ts';

/** The text of a failure with these facts. */
export interface FailureText<Facts> {
  readonly exit: ExitCodeName;
  /** The fact, in one sentence. */
  message(facts: Facts): string;
  /** A command to type, or a file to edit. */
  hint(facts: Facts): string;
}

/** The texts of an area, by code. */
export type FailureTexts<Area> = { readonly [C in keyof Area]: FailureText<Area[C]> };
