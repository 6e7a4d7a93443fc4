import { type Html, html } from './html.ts';

export interface Point {
  /** Milliseconds since the run began. */
  readonly at: number;
  readonly value: number;
}

interface Chart {
  readonly title: string;
  readonly points: readonly Point[];
  readonly milliseconds: number;
  /** Each value holds until the next one. */
  readonly steps?: boolean;
  format(value: number): string;
}

const WIDTH = 600;
const HEIGHT = 90;

/** Draws one value over the time of the run as an area, with its maximum. */
export function chart({ title, points, milliseconds, steps = false, format }: Chart): Html | undefined {
  if (points.length < 2) return undefined;
  const most = Math.max(...points.map(({ value }) => value));
  const x = (at: number): string => ((WIDTH * at) / Math.max(1, milliseconds)).toFixed(1);
  const y = (value: number): string => (HEIGHT - (HEIGHT * value) / Math.max(most, 1e-9)).toFixed(1);
  const line = points.map(({ at, value }) => (steps ? `H${x(at)} V${y(value)}` : `L${x(at)} ${y(value)}`)).join(' ');
  const [first, last] = [points[0]!, points.at(-1)!];
  return html`<figure class="chart">
    <figcaption>${title} <span class="quiet">at most ${format(most)}</span></figcaption>
    <svg role="img" aria-label="${title}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">
      <path d="M${x(first.at)} ${HEIGHT} ${line} L${x(last.at)} ${HEIGHT} Z" />
    </svg>
  </figure>`;
}

/** The number of overlapping spans at each change. */
export function overlaps(spans: readonly { readonly from: number; readonly to: number }[]): Point[] {
  const changes = spans
    .flatMap(({ from, to }) => [
      { at: from, by: 1 },
      { at: to, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let value = 0;
  return changes.map(({ at, by }) => ({ at, value: (value += by) }));
}
