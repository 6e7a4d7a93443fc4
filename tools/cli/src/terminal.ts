import { runOnTheSpot } from '@slipway/adapters/on-the-spot';
import type { Terminal } from '@slipway/run';

/** The terminal in which slipway was started. A command that is attached in a container reads and prints there. */
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
      // A terminal that closes causes an error here and also sends SIGHUP.
      stdin.on('error', () => {});
      stdin.setRawMode(true);
      // Node makes the terminal add a carriage return to each line feed. A program in the container that moves the
      // cursor down must not get one.
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
