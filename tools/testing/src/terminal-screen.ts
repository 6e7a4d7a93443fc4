import { EventEmitter } from 'node:events';

/** The parts of a terminal that a view uses: rows and columns, a cursor, and erasing. Colours are left out. */
export class TerminalScreen extends EventEmitter {
  columns: number;
  readonly rows: number;
  readonly isTTY = true;
  /** When something was written. */
  readonly times: number[] = [];
  private lines: string[] = [''];
  private x = 0;
  private y = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  /** As a stream; the time is that of the test's clock. */
  write(text: string): boolean {
    this.times.push(performance.now());
    // oxlint-disable-next-line no-control-regex
    for (const [whole, , count, command] of text.matchAll(/(\u001B\[)([?\d;]*)([A-Za-z])|[^]/g))
      if (command === undefined) this.print(whole);
      else this.obey(command, count!);
    return true;
  }

  /** As most terminals do it: what is there is wrapped anew, then it is told. */
  resize(columns: number): void {
    const wrapped = this.lines.map((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? ['']);
    this.y = wrapped.slice(0, this.y + 1).reduce((sum, rows) => sum + rows.length, 0) - 1;
    this.lines = wrapped.flat();
    this.columns = columns;
    this.emit('resize');
  }

  /** Text from the first line on, including lines that scrolled away. */
  get text(): string[] {
    const lines = this.lines.map((line) => line.trimEnd());
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  private print(char: string): void {
    if (char === '\r') this.x = 0;
    else if (char === '\n') {
      this.x = 0;
      this.down(1);
    } else {
      if (this.x >= this.columns) {
        this.x = 0;
        this.down(1);
      }
      const line = this.lines[this.y]!.padEnd(this.x);
      this.lines[this.y] = line.slice(0, this.x) + char + line.slice(this.x + 1);
      this.x += 1;
    }
  }

  private obey(command: string, count: string): void {
    const many = Number(count) || 1;
    if (command === 'A') this.y = Math.max(0, this.y - many);
    else if (command === 'B') this.down(many);
    else if (command === 'G') this.x = many - 1;
    else if (command === 'K') this.erase(Number(count) || 0);
    else if (command === 'J') this.lines = [...this.lines.slice(0, this.y), this.lines[this.y]!.slice(0, this.x)];
  }

  private erase(what: number): void {
    this.lines[this.y] = what === 0 ? this.lines[this.y]!.slice(0, this.x) : '';
  }

  private down(many: number): void {
    this.y += many;
    while (this.lines.length <= this.y) this.lines.push('');
  }
}
