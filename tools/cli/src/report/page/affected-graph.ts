import type { AffectedChain } from '@slipway/model';
import { type Html, html } from './html.ts';

interface Node {
  readonly text: string;
  readonly title: string;
  readonly kind: 'file' | 'package' | 'command';
  /** The distance from the changed file. */
  column: number;
  row: number;
}

const WIDTH = 240;
const HEIGHT = 30;
const BOX = 215;
const MOST_NODES = 60;
const LETTERS = 30;

/** From the changed files, through the packages that import them, to the commands; undefined without chains. */
export function affectedGraph(chains: readonly AffectedChain[]): Html | undefined {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, readonly [string, string]>();
  const put = (kind: Node['kind'], text: string, column: number, title = text): string => {
    const id = `${kind} ${title}`;
    const known = nodes.get(id);
    if (known === undefined) nodes.set(id, { text, title, kind, column, row: 0 });
    else known.column = Math.max(known.column, column);
    return id;
  };
  let left = 0;
  for (const { file, command, platform, imports } of chains) {
    if (nodes.size > MOST_NODES) {
      left += 1;
      continue;
    }
    const steps = shortened(imports.toReversed());
    const path = [
      put('file', file, 0),
      ...steps.map(({ text, title }, i) => put('package', text, i + 1, title)),
      put('command', `${command} (${platform})`, steps.length + 1),
    ];
    path.slice(1).forEach((to, i) => edges.set(`${path[i]} ${to}`, [path[i]!, to]));
  }
  if (nodes.size === 0) return undefined;
  const last = Math.max(...[...nodes.values()].map(({ column }) => column));
  for (const node of nodes.values()) if (node.kind === 'command') node.column = last;
  const rows = new Map<number, number>();
  for (const node of nodes.values()) {
    node.row = rows.get(node.column) ?? 0;
    rows.set(node.column, node.row + 1);
  }
  const [width, height] = [(last + 1) * WIDTH, Math.max(...rows.values()) * HEIGHT + 10];
  return html`<svg
      class="graph"
      role="img"
      aria-label="What changed, and the commands made of it"
      style="max-width:${width}px"
      viewBox="0 0 ${width} ${height}"
    >
      ${[...edges.values()].map(([from, to]) => edge(nodes.get(from)!, nodes.get(to)!))} ${[...nodes.values()].map(box)}
    </svg>
    ${left > 0 ? html`<p class="quiet">${left} more paths are not drawn.</p>` : undefined}`;
}

/** Maximum columns of packages; more would be unreadable. */
const MOST_COLUMNS = 4;

/**
 * Shortens a long chain to its beginning and its end. Between them is the number of omitted packages, with their names
 * as title.
 */
function shortened(packages: readonly string[]): { readonly text: string; readonly title: string }[] {
  const all = packages.map((text) => ({ text, title: text }));
  if (all.length <= MOST_COLUMNS) return all;
  const between = packages.slice(1, packages.length - 2);
  return [all[0]!, { text: `${between.length} packages between`, title: between.join(' ') }, ...all.slice(-2)];
}

const x = ({ column }: Node): number => column * WIDTH + 5;
const y = ({ row }: Node): number => row * HEIGHT + 5;

function edge(from: Node, to: Node): Html {
  const [x1, y1, x2, y2] = [x(from) + BOX, y(from) + 11, x(to), y(to) + 11];
  return html`<path d="M${x1} ${y1} C${x1 + 20} ${y1} ${x2 - 20} ${y2} ${x2} ${y2}" />`;
}

/** Shows the end of a path, which says more than its beginning; for a test variant, `p [q.test]`, the package. */
function labelOf({ kind, text }: Node): string {
  const plain = kind === 'package' ? text.replace(/ .*/, '') : text;
  if (plain.length <= LETTERS) return plain;
  const end = plain.slice(2 - LETTERS);
  return `…${end.includes('/') ? end.slice(end.indexOf('/')) : end}`;
}

const box = (node: Node): Html =>
  html`<g class="${node.kind}"
    ><title>${node.title}</title><rect x="${x(node)}" y="${y(node)}" width="${BOX}" height="22" rx="4" /><text
      x="${x(node) + 8}"
      y="${y(node) + 15}"
      >${labelOf(node)}</text
    ></g
  > `;
