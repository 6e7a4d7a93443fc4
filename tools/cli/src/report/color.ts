import { styleText } from 'node:util';
import type { Environment } from '@slipway/model';

type Style = Parameters<typeof styleText>[0];

/** First words of lines, and how they look. */
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

/** Colours the first word of each line where it is one of ours. It adds nothing to how wide the text is. */
export const painted: Paint = (text) =>
  text.replaceAll(/^(\s*)([A-Za-z]+)(?=[\s:]|$)/gm, (whole, space: string, word: string) =>
    Object.hasOwn(styles, word) ? `${space}${styled(styles[word]!, word)}` : whole,
  );

/** Whether there is a terminal was decided before. */
const styled = (style: Style, text: string): string => styleText(style, text, { validateStream: false });

export type ColorChoice = 'auto' | 'always' | 'never';

interface Asked {
  readonly choice: ColorChoice;
  readonly environment: Environment;
  readonly isTerminal: boolean;
}

/** The command line decides, then NO_COLOR (no-color.org), then FORCE_COLOR, then whether somebody looks. */
export function paintFor({ choice, environment, isTerminal }: Asked): Paint {
  if (choice !== 'auto') return choice === 'always' ? painted : unpainted;
  if (environment['NO_COLOR']) return unpainted;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined && force !== '') return ['0', 'false'].includes(force) ? unpainted : painted;
  return isTerminal && environment['TERM'] !== 'dumb' ? painted : unpainted;
}
