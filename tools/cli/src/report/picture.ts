import sliceAnsi from 'slice-ansi';
import { type CacheMoved, type GoProgress, type Moved, printableLine } from '@slipway/model';
import type { RunState, RunningStep } from './run-state.ts';
import { formatBytes, formatDuration, formatLeft, formatMoved, formatProgress, formatWriting } from './words.ts';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** Rows that stay free, so that the last printed lines are visible. */
const FREE = 4;

/** The view below the printed lines: running steps, their progress, and the remaining time. */
export function picture(state: RunState, { columns, rows }: Screen, now: number): string[] {
  const width = Math.max(8, columns - 1);
  const status = statusRow(state, width, now);
  const room = Math.max(0, rows - FREE - 1);
  const running = [...state.running.values()];
  const details = running.length * 3 <= room;
  const blocks = running.flatMap((each) => block(each, state, { width, now, details }));
  const shown =
    blocks.length > room ? [...blocks.slice(0, Math.max(0, room - 1)), more(blocks.length - room + 1)] : blocks;
  return [...shown, status].map((row) => fit(row, width));
}

const more = (count: number): string => `  … ${count} more`;

/** Cuts a text with an ellipsis at the terminal's width. Some letters are two columns wide. */
export function fit(text: string, width: number): string {
  const line = printableLine(text);
  return sliceAnsi(line, 0, width) === line ? line : `${sliceAnsi(line, 0, width - 1)}…`;
}

/** Cuts the beginning of a name, because its end says more: `…/apis/core/v1`. */
export function fitName(name: string, width: number): string {
  if (name.length <= width) return name;
  const end = name.slice(1 - width);
  const slash = end.indexOf('/');
  return `…${slash === -1 || slash > width / 2 ? end : end.slice(slash)}`;
}

interface Drawing {
  readonly width: number;
  readonly now: number;
  readonly details: boolean;
}

function block(each: RunningStep, state: RunState, { width, now, details }: Drawing): string[] {
  const { step, at, go } = each;
  const time = formatDuration(now - at).padStart(6);
  const left = formatLeft(state.leftOf(each, now)) ?? '';
  const head = between(`  runs ${time}  `, step.title, left, width);
  if (!details) return [head];
  if (go !== undefined) return [head, ...goRows(go.progress, width)];
  if (step.kind === 'exec' && step.tests !== undefined)
    return [head, ...testRows(state, step.actions?.length ?? 0, { width, now })];
  const moved = state.bytes.get(step.id);
  if (moved !== undefined) return [head, movedRow(moved, width)];
  const note = state.notes.get(step.id);
  return note === undefined ? [head] : [head, `${INDENT}${note}`];
}

/** Maximum width; on longer rows the eye loses the line. */
const WIDEST = 110;

/** Shortens the text before a suffix. */
function between(before: string, text: string, after: string, columns: number): string {
  const width = Math.min(columns, WIDEST);
  const room = width - before.length - after.length - 2;
  if (after === '' || room < 12) return `${before}${text}`;
  const cut = fit(text, room);
  return `${before}${cut}${' '.repeat(Math.max(2, width - before.length - cut.length - after.length))}${after}`;
}

const INDENT = '               ';

function goRows(progress: GoProgress, width: number): string[] {
  const { packages, current, links } = progress;
  const indent = width < 60 ? '  ' : INDENT;
  const room = width - indent.length;
  const said = formatProgress(progress);
  const bar = barOf(packages.done + links.done, packages.total + links.total, room - said.length);
  return [`${indent}${bar}${said}`, current.length === 0 ? `${indent}…` : `${indent}${namesIn(current, room)}`];
}

function movedRow(moved: Moved, width: number): string {
  const said = formatMoved(moved);
  return `${INDENT}${barOf(moved.done, moved.total ?? 0, width - INDENT.length - said.length)}${said}`;
}

/** Maximum packages that are named while their tests run. */
const MOST_SLOW = 3;

function testRows(state: RunState, total: number, { width, now }: Pick<Drawing, 'width' | 'now'>): string[] {
  const indent = width < 60 ? '  ' : INDENT;
  const { tested, failed } = state.tests;
  const untouched = tested.filter(({ is }) => is !== 'ran').length;
  const said = [
    `${tested.length} of ${total} packages`,
    ...(untouched > 0 ? [`${untouched} known`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
  ].join(', ');
  const bar = barOf(tested.length, total, width - indent.length - said.length);
  const slow = [...state.testing].slice(0, MOST_SLOW).map(([name, at]) => `${name} ${formatDuration(now - at)}`);
  return [`${indent}${bar}${said}`, `${indent}${slow.length === 0 ? '…' : namesIn(slow, width - indent.length)}`];
}

/** As many names as fit, each complete or cut at its beginning. */
function namesIn(names: readonly string[], room: number): string {
  const each = Math.floor((room - 2 * (names.length - 1)) / names.length);
  if (each >= 16) return names.map((name) => fitName(name, each)).join('  ');
  return names.length === 1 ? fitName(names[0]!, room) : namesIn(names.slice(0, -1), room);
}

/** Followed by a space; empty without room. */
function barOf(done: number, total: number, room: number): string {
  const width = Math.min(24, room - 1);
  if (width < 6 || total === 0) return '';
  const full = Math.floor((done / total) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} `;
}

function statusRow(state: RunState, width: number, now: number): string {
  if (state.total === 0)
    return `  ${state.waiting === '' ? state.preparing : `waiting: ${state.waiting}`} (${formatDuration(now - state.began)})`;
  const { machine, cache } = state;
  if (cache?.isEnd === true) return `  ${formatWriting(cache)}`;
  const parts = [
    `${state.outcomes.length} of ${state.total} steps`,
    formatDuration(now - state.began),
    formatLeft(state.left(now)),
    known(state),
    cache && formatCache(cache),
    machine && `${machine.cores.toFixed(1)} cores, ${formatBytes(machine.memory)}`,
  ].filter((part) => part !== undefined && part !== '');
  // Removes the last parts first.
  while (parts.length > 1 && parts.join(' · ').length + 2 > width) parts.pop();
  return `  ${parts.join(' · ')}`;
}

const formatCache = ({ bytesRead, bytesWritten }: CacheMoved): string =>
  `cache: ${[
    ...(bytesRead > 0 ? [`${formatBytes(bytesRead)} read`] : []),
    ...(bytesWritten > 0 ? [`${formatBytes(bytesWritten)} written`] : []),
  ].join(', ')}`;

function known({ outcomes }: RunState): string | undefined {
  const of = (is: string): number =>
    outcomes.reduce(
      (sum, { is: whole, parts }) => sum + (parts ?? [{ is: whole }]).filter((each) => each.is === is).length,
      0,
    );
  const [ran, fresh, restored] = [of('ran'), of('fresh'), of('restored')];
  return ran + fresh + restored === 0 ? undefined : `${ran} made, ${fresh + restored} known`;
}
