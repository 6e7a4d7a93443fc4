import type { Terminal } from '@slipway/run';

/** Where slipway itself was started: a command in a container that is attached reads and prints there. */
export function realTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const isTerminal = stdin.isTTY && stdout.isTTY;
  return {
    input: stdin,
    output: stdout,
    errors: stderr,
    size: isTerminal
      ? {
          columns: stdout.columns,
          rows: stdout.rows,
          onResize: (listener) => stdout.on('resize', () => listener(stdout.columns, stdout.rows)),
        }
      : undefined,
    takeKeys() {
      stdin.setRawMode(true);
      return {
        [Symbol.dispose]() {
          stdin.setRawMode(false);
          stdin.pause();
        },
      };
    },
  };
}
