// Prints slipway's view at a terminal, as SVG on standard output:  node hack/terminal-picture.ts [--columns 80] [--rows 24] [--seconds 10] -- ARGUMENT…
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { TerminalScreen } from '@slipway/testing';
import { scriptArguments } from './lib/arguments.ts';
import { repositoryRoot } from './lib/check.ts';

/** Pixels of a letter at 13 pixels of a monospaced font, and around all. */
const CELL = { width: 7.83, height: 17 };
const EDGE = 12;
/** Colours by their number at a terminal. */
const hues: Readonly<Record<number, string>> = {
  31: '#ff6b6b',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79b8ff',
  35: '#d2a8ff',
  36: '#56d4dd',
};

const { values, positionals } = scriptArguments(
  'node hack/terminal-picture.ts [--columns 80] [--rows 24] [--seconds 10] -- ARGUMENT…',
  {
    columns: { type: 'string', default: '80' },
    rows: { type: 'string', default: '24' },
    seconds: { type: 'string', default: '10' },
  },
);
const [columns, rows, seconds] = [values.columns, values.rows, values.seconds].map(Number) as [number, number, number];
const terminal = join(repositoryRoot, 'tools/testing/src/pseudo-terminal.py');
const slipway = [process.execPath, join(repositoryRoot, 'tools/cli/src/main.ts'), ...positionals];
const { CI: _watchedByNobody, NO_COLOR: _wantsNone, ...env } = process.env;
const child = spawn('python3', [terminal, ...slipway], { env, stdio: ['pipe', 'pipe', 'inherit'] });
child.stdin.write(`size ${columns} ${rows}\n`);
const screen = new TerminalScreen(columns, rows);
let shown = '';
child.stdout.setEncoding('utf8').on('data', (text: string) => {
  shown += text;
  screen.write(text);
});
await Promise.race([setTimeout(seconds * 1000), new Promise((resolve) => child.once('close', resolve))]);
console.log(pictureOf(screen.text.slice(-rows), colorsOf(shown)));
child.kill();
process.exit();

/** Colours of the first words of lines, as the program set them. */
function colorsOf(text: string): ReadonlyMap<string, number> {
  // oxlint-disable-next-line no-control-regex
  const painted = /\u001B\[(3\d)m(?:\u001B\[1m)?(\w+)/g;
  return new Map([...text.matchAll(painted)].map(([, color, word]) => [word!, Number(color)]));
}

function pictureOf(lines: readonly string[], colors: ReadonlyMap<string, number>): string {
  const [width, height] = [columns * CELL.width, lines.length * CELL.height].map((size) => Math.round(size + 2 * EDGE));
  const text = lines.map((line, i) => {
    const [whole = '', space = '', word = ''] = /^(\s*)(\w+)/.exec(line) ?? [];
    const color = hues[colors.get(word) ?? 0];
    const painted =
      color === undefined
        ? escaped(line)
        : `${space}<tspan fill="${color}">${word}</tspan>${escaped(line.slice(whole.length))}`;
    return `<text x="${EDGE}" y="${EDGE + (i + 0.75) * CELL.height}">${painted}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<style>text{font:13px/1 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d6deeb;white-space:pre}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0f1724"/>`,
    ...text,
    '</svg>',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
