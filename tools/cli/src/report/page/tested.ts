import { formatCounts, type TestedPackage } from '../../tests/test-run.ts';
import { formatDuration } from '../words.ts';
import { type Html, breakable, html } from './html.ts';
import type { RunStory } from './run-story.ts';

const MOST = 40;

/** Tested packages on a time line: failed, flaky and quarantined ones first, then the slowest. */
export function tested({ tests, milliseconds, began }: RunStory): Html | undefined {
  const counts = formatCounts(tests);
  if (counts === undefined) return undefined;
  const ran = tests.tested.filter(({ is }) => is === 'ran').toSorted(byTrouble);
  const shown = ran.slice(0, MOST);
  const share = (time: number): string => `${((100 * Math.max(0, time)) / Math.max(1, milliseconds)).toFixed(2)}%`;
  const row = ({ result, at }: TestedPackage): Html => {
    const from = at - began - result.seconds * 1000;
    const coverage = /^coverage: ([\d.]+%)/m.exec(result.output)?.[1];
    return html`<div class="name" title="${result.importPath}">
        ${result.is === 'pass' ? undefined : html`<span class="status ${result.is}">${result.is}</span> `}${breakable(result.importPath)}${coverage === undefined ? undefined : html` <span class="quiet">${coverage}</span>`}
      </div>
      <div class="track">
        <div
          class="bar ${result.is}"
          style="left:min(${share(from)},calc(100% - 4px));width:${share(result.seconds * 1000)}"
        ></div>
      </div>
      <div class="took">${formatDuration(result.seconds * 1000)}</div> `;
  };
  return html`<section id="tests">
    <h2>Tests</h2>
    <p class="quiet">${counts}</p>
    <div class="timeline">${shown.map(row)}</div>
    ${ran.length > MOST ? html`<p class="quiet">${ran.length - MOST} quicker packages passed.</p>` : undefined}
  </section>`;
}

const order: Readonly<Record<string, number>> = { fail: 0, flaky: 1, quarantined: 1 };

const byTrouble = ({ result: a }: TestedPackage, { result: b }: TestedPackage): number =>
  (order[a.is] ?? 2) - (order[b.is] ?? 2) || b.seconds - a.seconds;
