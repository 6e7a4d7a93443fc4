import { type Event, goBuildOf } from '@slipway/model';
import { formatExec } from '@slipway/plan';
import type { PastRun } from '../../history/run-history.ts';
import { readableEvents } from '../readable-events.ts';
import { formatBytes, formatDuration, formatHeader } from '../words.ts';
import { affectedGraph } from './affected-graph.ts';
import { goWork } from './go-work.ts';
import { type Html, breakable, data, html } from './html.ts';
import { type RunStory, type ToldStep, storyOf } from './run-story.ts';
import { style } from './style.ts';
import { tested } from './tested.ts';

/** A run as one HTML file that loads nothing and runs no script. It contains the events for programs. */
export function pageOf(events: readonly Event[], previous?: PastRun): string {
  const story = storyOf(events);
  const title = story.plan === undefined ? 'slipway' : formatHeader(story.plan);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="quiet">${story.plan?.root}</p>
          ${numbers(story, previous)}
        </header>
        <main>
          ${errors(story)} ${timeline(story, previous)} ${tested(story)} ${goWork(story)} ${statuses(story)}
          ${cache(story)} ${affected(story)}
        </main>
        <script type="application/json" id="events">
          ${data(events.map(readableEvents()))}
        </script>
      </body>
    </html> `.text;
}

function numbers({ steps, end, milliseconds, missing }: RunStory, previous: PastRun | undefined): Html {
  const counts = Map.groupBy(steps, ({ finished }) => finished.outcome.is);
  const status = end === undefined ? 'ended early' : end.ok ? 'done' : end.interrupted ? 'stopped' : 'failed';
  return html`<ul class="numbers">
    <li data-number="status"><b>${status}</b> in ${formatDuration(milliseconds)}</li>
    ${[...counts].map(
      ([is, list]) => html`<li data-number="${is}"><b>${list.length}</b> ${is}</li> `,
    )}${missing > 0 ? html`<li><b>${missing}</b> not begun</li>` : undefined}
    ${previous === undefined ? undefined : html`<li><b>${formatDuration(previous.milliseconds)}</b> took the run before</li>`}
  </ul>`;
}

/** The complete output of each failed step. */
function errors({ steps }: RunStory): Html | undefined {
  const failed = steps.filter(({ finished: { outcome } }) => outcome.is === 'failed');
  if (failed.length === 0) return undefined;
  return html`<section id="errors">
    <h2>Errors</h2>
    ${failed.map(
      ({ finished: { step, outcome, output } }) =>
        html`<h3>${step.title}</h3>
          <pre>${output.trimEnd() || outcome.why}</pre> `,
    )}
  </section>`;
}

function timeline({ steps, milliseconds }: RunStory, previous: PastRun | undefined): Html {
  const share = (time: number): string => `${((100 * time) / Math.max(1, milliseconds)).toFixed(2)}%`;
  const before = (id: string, from: number): Html | undefined =>
    previous?.steps[id] === undefined
      ? undefined
      : html`<div
          class="before"
          title="the run before: ${formatDuration(previous.steps[id])}"
          style="left:${share(from)};width:${share(previous.steps[id])}"
        ></div>`;
  const row = ({ finished: { step, outcome }, from, to, critical }: ToldStep): Html =>
    html`<div class="name${critical ? ' critical' : ''}" title="${step.title}">${step.title}</div>
      <div class="track${critical ? ' critical' : ''}" data-step="${step.id}">
        <div
          class="bar ${outcome.is}"
          style="left:min(${share(from)},calc(100% - 4px));width:${share(to - from)}"
        ></div>
        ${outcome.is === 'ran' ? before(step.id, from) : undefined}
      </div>
      <div class="took">${formatDuration(to - from)}</div> `;
  return html`<section id="timeline">
    <h2>Timeline</h2>
    <p class="quiet">
      Outlined: the critical path, each step waiting for the one before it. ${formatDuration(milliseconds)} from left to
      right.${previous === undefined ? undefined : ' The thin line below a bar: how long that took in the run before.'}
    </p>
    <div class="timeline">${steps.toSorted((a, b) => a.from - b.from).map(row)}</div>
  </section>`;
}

function statuses({ steps, plan }: RunStory): Html {
  return html`<section id="statuses">
    <h2>Status</h2>
    <table>
      <thead>
        <tr>
          <th></th>
          <th>what</th>
          <th>why</th>
        </tr>
      </thead>
      <tbody>
        ${steps.flatMap(({ finished: { step, outcome, output } }) => {
          const rows = alike(outcome.parts ?? [{ name: step.title, is: outcome.is, why: outcome.why }]);
          const platform = outcome.parts === undefined ? undefined : goBuildOf(step)?.platform;
          return rows.map(
            ({ names, is, why }, i) =>
              html`<tr data-step="${step.id}">
                <td><span class="status ${is}">${is}</span></td>
                <td>
                  ${breakable(names.join(', '))}${platform === undefined ? undefined : html` <span class="quiet">${platform}</span>`}
                </td>
                <td>
                  ${breakable(why)}${i > 0 ? undefined : details(step.kind === 'exec' && plan !== undefined ? formatExec(step, plan.places) : '', output)}
                </td>
              </tr> `,
          );
        })}
      </tbody>
    </table>
  </section>`;
}

interface Row {
  readonly is: string;
  readonly why: string;
}

/** Actions with the same outcome and reason share a row. */
const alike = (parts: readonly (Row & { readonly name: string })[]): (Row & { readonly names: string[] })[] =>
  [...Map.groupBy(parts, ({ is, why }) => `${is} ${why}`).values()].map((list) => ({
    ...list[0]!,
    names: list.map(({ name }) => name),
  }));

const details = (command: string, output: string): Html | undefined =>
  command === '' && output === ''
    ? undefined
    : html`<details>
        <summary class="quiet">command${output === '' ? '' : ' and output'}</summary>
        ${command === '' ? undefined : html`<pre>${command}</pre>`}${output === '' ? undefined : html`<pre>${output}</pre>`}
      </details>`;

function cache({ steps, traffic }: RunStory): Html {
  const parts = steps.flatMap(({ finished: { outcome } }) => outcome.parts ?? []);
  const count = (is: string): number => parts.filter((part) => part.is === is).length;
  const shared =
    traffic === undefined
      ? [['shared cache', 'none']]
      : [
          ['shared cache', traffic.url],
          ['records from there', `${traffic.hits} (${formatBytes(traffic.bytesRead)}), ${traffic.misses} not there`],
          [
            'records written',
            `${traffic.written} (${formatBytes(traffic.bytesWritten)}), ${traffic.unfinished} not in time`,
          ],
          ['time waited in vain', formatDuration(traffic.waited)],
          ...(traffic.trouble === undefined ? [] : [['left alone, as', traffic.trouble]]),
        ];
  return html`<section id="cache">
    <h2>Cache</h2>
    <table>
      <tbody>
        <tr>
          <td>commands</td>
          <td>${count('fresh')} fresh, ${count('restored')} restored, ${count('ran')} made by Go</td>
        </tr>
        ${shared.map(
          ([name = '', value = '']) =>
            html`<tr>
              <td>${name}</td>
              <td>${value}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </section>`;
}

function affected({ chains, untold, end }: RunStory): Html {
  const told =
    untold > 0
      ? `${untold} files are new or changed: too many to draw them all.`
      : chains.length > 0
        ? 'Files that changed since the last run, and through which imports the commands are made of them.'
        : end?.ok === true
          ? 'No file that a command is made of changed since the last run.'
          : 'The run failed, so the changes since the previous run are not known.';
  return html`<section id="affected">
    <h2>Affected</h2>
    <p class="quiet">${told}</p>
    ${affectedCommands(chains)} ${affectedGraph(chains)}
  </section>`;
}

const affectedCommands = (chains: RunStory['chains']): Html | undefined =>
  chains.length === 0
    ? undefined
    : html`<table>
        <tbody>
          ${[...Map.groupBy(chains, ({ file }) => file)].map(
            ([file, list]) =>
              html`<tr data-file="${file}">
                <td>${breakable(file)}</td>
                <td>${[...new Set(list.map(({ command }) => command))].join(', ')}</td>
              </tr> `,
          )}
        </tbody>
      </table>`;
