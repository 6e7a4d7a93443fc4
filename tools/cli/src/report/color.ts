import { styleText } from 'node:util';
import type { Environment } from '@slipway/model';

type Style = Parameters<typeof styleText>[0];

/** Styles of the first words of lines. */
const styles: Readonly<Record<string, Style>> = {
  slipway: 'bold',
  failed: ['red', 'bold'],
  FAIL: ['red', 'bold'],
  stopped: 'yellow',
  done: ['green', 'bold'],
  ok: 'green',
  ran: 'blue',
  runs: 'cyan',
  running: 'cyan',
  fresh: 'green',
  restored: 'magenta',
  skipped: 'yellow',
  note: 'yellow',
  waiting: 'yellow',
};

export type Paint = (text: string) => string;

export const unpainted: Paint = (text) => text;

/** Colours the first word of each line if it is in the table. The width of the text does not change. */
export const painted: Paint = (text) =>
  text.replaceAll(/^(\s*)([A-Za-z]+)(?=[\s:]|$)/gm, (whole, space: string, word: string) =>
    Object.hasOwn(styles, word) ? `${space}${styled(styles[word]!, word)}` : whole,
  );

/** The caller has already checked for a terminal. */
const styled = (style: Style, text: string): string => styleText(style, text, { validateStream: false });

export type ColorChoice = 'auto' | 'always' | 'never';

interface Asked {
  readonly choice: ColorChoice;
  readonly environment: Environment;
  readonly isTerminal: boolean;
}

/** In this order: the command line, NO_COLOR (no-color.org), FORCE_COLOR, whether the output is a terminal. */
export function paintFor({ choice, environment, isTerminal }: Asked): Paint {
  if (choice !== 'auto') return choice === 'always' ? painted : unpainted;
  if (environment['NO_COLOR']) return unpainted;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined && force !== '') return ['0', 'false'].includes(force) ? unpainted : painted;
  return isTerminal && environment['TERM'] !== 'dumb' ? painted : unpainted;
}
