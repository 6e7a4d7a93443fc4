import type { GoSpan } from '@slipway/model';
import { formatBytes, formatDuration } from '../words.ts';
import { chart, overlaps } from './charts.ts';
import { type Html, breakable, html } from './html.ts';
import type { RunStory } from './run-story.ts';

/** Maximum rows of the list of slowest items. */
const MOST = 15;

/** The compile and link times of Go, its parallelism over time, and the machine's load. */
export function goWork({ spans, kept, machine, milliseconds }: RunStory): Html | undefined {
  if (spans.length === 0 && machine.length < 2) return undefined;
  const charts = [
    chart({
      title: 'Go at work',
      points: overlaps(spans),
      milliseconds,
      steps: true,
      format: (value) => `${value} at a time`,
    }),
    chart({
      title: 'Cores',
      points: machine.map(({ at, cores }) => ({ at, value: cores })),
      ...{ milliseconds, format: (value: number) => value.toFixed(1) },
    }),
    chart({
      title: 'Memory',
      points: machine.map(({ at, memory }) => ({ at, value: memory })),
      ...{ milliseconds, format: formatBytes },
    }),
  ];
  return html`<section id="go">
    <h2>Packages</h2>
    ${spans.length === 0 ? undefined : html`<p class="quiet">${counts(spans, kept)}</p>`}
    <div class="charts">${charts.filter((each) => each !== undefined)}</div>
    ${list('link', 'Links', spans)} ${list('compile', 'Compiled, the longest first', spans)} ${criticalList(spans)}
  </section>`;
}

function counts(spans: readonly GoSpan[], kept: number): string {
  const of = (is: GoSpan['is']): readonly GoSpan[] => spans.filter((span) => span.is === is);
  const [compiled, linked] = [of('compile'), of('link')];
  return `${compiled.length} packages were compiled in ${formatDuration(sum(compiled))} of work and ${linked.length} commands linked in ${formatDuration(sum(linked))}; ${kept} packages Go had.`;
}

const sum = (spans: readonly GoSpan[]): number => spans.reduce((all, { from, to }) => all + to - from, 0);

function list(is: GoSpan['is'], title: string, all: readonly GoSpan[]): Html | undefined {
  const spans = all.filter((span) => span.is === is).toSorted((a, b) => b.to - b.from - (a.to - a.from));
  if (spans.length === 0) return undefined;
  return html`<details open>
    <summary>${title}</summary>
    ${bars(spans.slice(0, MOST))}
    ${spans.length > MOST ? html`<p class="quiet">${spans.length - MOST} more took ${formatDuration(sum(spans.slice(MOST)))} together.</p>` : undefined}
  </details>`;
}

function criticalList(spans: readonly GoSpan[]): Html | undefined {
  const critical = spans.filter((span) => span.critical === true).toSorted((a, b) => a.from - b.from);
  if (critical.length < 2) return undefined;
  return html`<details id="critical">
    <summary>Critical path: ${critical.length} in a row, ${formatDuration(sum(critical))}</summary>
    ${bars(critical)}
  </details>`;
}

export function bars(spans: readonly Pick<GoSpan, 'name' | 'is' | 'from' | 'to'>[]): Html {
  const longest = Math.max(1, ...spans.map(({ from, to }) => to - from));
  return html`<div class="timeline">
    ${spans.map(
      ({ name, is, from, to }) =>
        html`<div class="name" title="${name}">${breakable(name)}</div>
          <div class="track">
            <div class="bar ${is}" style="width:${((100 * (to - from)) / longest).toFixed(1)}%"></div>
          </div>
          <div class="took">${formatDuration(to - from)}</div> `,
    )}
  </div>`;
}
