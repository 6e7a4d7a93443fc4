import { runOnTheSpot } from '@slipway/adapters/on-the-spot';
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
      // Of a terminal that was closed; SIGHUP says so, too.
      stdin.on('error', () => {});
      stdin.setRawMode(true);
      // Node leaves a carriage return before each line feed; a program there that moves down means down.
      runOnTheSpot({ argv: ['stty', '-opost'], cwd: '/', env: process.env, attached: true });
      return {
        [Symbol.dispose]() {
          stdin.setRawMode(false);
          stdin.pause();
        },
      };
    },
  };
}
