import { type Html, html, style } from '@slipway/cli/page';
import type { Measured, Study } from './study.ts';
import type { Cut } from './tasks.ts';

const WIDTH = 600;
const HEIGHT = 240;

const names: Readonly<Record<Cut, string>> = {
  command: 'an action for each command and platform; a worker keeps what it compiled',
  shared: 'the same; what one worker compiled the others fetch',
  package: 'an action for each package and each link',
};

const colors: Readonly<Record<Cut, string>> = {
  command: 'var(--ran)',
  shared: 'var(--fresh)',
  package: 'var(--restored)',
};

interface Curve {
  readonly title: string;
  readonly value: (point: Measured) => number;
  readonly format: (value: number) => string;
}

const curves: readonly Curve[] = [
  { title: 'Time', value: ({ milliseconds }) => milliseconds / 1000, format: (value) => `${value.toFixed(0)} s` },
  { title: 'Speed-up over one worker', value: ({ speedUp }) => speedUp, format: (value) => `${value.toFixed(1)} ×` },
  { title: 'Traffic of the cache', value: ({ bytes }) => bytes / 1e9, format: (value) => `${value.toFixed(1)} GB` },
  {
    title: 'Compiled more than once',
    value: ({ twice }) => twice / 1000,
    format: (value) => `${value.toFixed(0)} s CPU`,
  },
  {
    title: 'Cost of workers that are rented for the time',
    value: ({ rented }) => rented,
    format: (value) => `$${value.toFixed(2)}`,
  },
  {
    title: 'Cost of workers that are paid for what they do',
    value: ({ used }) => used,
    format: (value) => `$${value.toFixed(2)}`,
  },
];

/** One file without scripts. Both axes are logarithmic, so that one picture shows 1 and 1,000 workers. */
export function studyPage(study: Study): string {
  const { what, options, longestChain, longestCommand } = study;
  const facts = Object.entries(options).map(([name, value]) => html`<li><b>${value}</b>${words(name)}</li>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Simulated cluster</title>
        <style>
          ${style} .curve svg {
            height: 15rem;
          }
          .curve path {
            fill: none;
            stroke-width: 2;
            opacity: 1;
            vector-effect: non-scaling-stroke;
          }
          .curve text {
            font-size: 11px;
            fill: var(--quiet);
          }
        </style>
      </head>
      <body>
        <h1>Simulated cluster: ${what}</h1>
        <ul class="numbers">
          ${facts}
        </ul>
        <p>
          The longest command takes ${(longestCommand / 1000).toFixed(0)} s on one worker; its longest chain of imports
          ${(longestChain / 1000).toFixed(0)} s. More workers do not help below the first with an action for each
          command, nor below the second with one for each package.
        </p>
        <p>
          ${study.curves.map(({ cut }) => html`<span class="status" style="background: ${colors[cut]}">${names[cut]}</span> `)}
        </p>
        <div class="charts">${curves.map((curve) => picture(study, curve))}</div>
        <h2>All figures</h2>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>actions</th>
                <th>workers</th>
                ${curves.map(({ title }) => html`<th>${title}</th>`)}
                <th>actions</th>
                <th>lost</th>
              </tr>
            </thead>
            <tbody>
              ${study.curves.flatMap(({ cut, points }) => points.map((point) => row(cut, point)))}
            </tbody>
          </table>
        </div>
      </body>
    </html> `.text;
}

const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const row = (cut: Cut, point: Measured): Html =>
  html`<tr>
    <td>${cut}</td>
    <td>${point.workers}</td>
    ${curves.map(({ value, format }) => html`<td>${format(value(point))}</td>`)}
    <td>${point.actions}</td>
    <td>${point.lost}</td>
  </tr>`;

function picture({ curves: all }: Study, { title, value, format }: Curve): Html {
  const values = all.flatMap(({ points }) => points.map(value)).filter((each) => each > 0);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const workers = all[0]!.points.map((point) => point.workers);
  const x = (count: number): number => (WIDTH * Math.log(count)) / Math.log(workers.at(-1)!);
  const y = (each: number): number =>
    most === least ? HEIGHT / 2 : HEIGHT - (HEIGHT * Math.log(Math.max(each, least) / least)) / Math.log(most / least);
  const line = (points: readonly Measured[]): string =>
    points
      .map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.workers).toFixed(1)} ${y(value(point)).toFixed(1)}`)
      .join(' ');
  return html`<figure class="chart curve">
    <figcaption>${title} <span class="quiet">${format(least)} to ${format(most)}</span></figcaption>
    <svg role="img" aria-label="${title}" viewBox="-10 -10 ${WIDTH + 20} ${HEIGHT + 30}">
      ${all.map(({ cut, points }) => html`<path d="${line(points)}" style="stroke: ${colors[cut]}" />`)}
      ${workers.map((count) => html`<text x="${x(count).toFixed(1)}" y="${HEIGHT + 16}" text-anchor="middle">${count}</text>`)}
    </svg>
  </figure>`;
}
