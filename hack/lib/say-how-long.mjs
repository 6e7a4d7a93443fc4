/**
 * Says on standard error what is done and for how long, until it ends: at a terminal in a line that counts seconds, else in a line now and
 * one each half minute. Plain JavaScript without dependencies: `install.mjs` runs on any Node.
 * @param {() => string} what
 */
export function sayHowLong(what) {
  const began = Date.now();
  const { stderr } = process;
  const text = () => `${what()} … ${Math.round((Date.now() - began) / 1000)}s`;
  const clear = stderr.isTTY ? '\r\u001B[K' : '';
  const say = () =>
    stderr.write(stderr.isTTY ? `${clear}${text().slice(0, (stderr.columns ?? 80) - 1)}` : `${text()}\n`);
  say();
  const timer = setInterval(say, stderr.isTTY ? 1000 : 30_000);
  return {
    /** A line that stays. @param {string} line */
    line(line) {
      stderr.write(clear);
      console.log(line);
      if (stderr.isTTY) say();
    },
    end() {
      clearInterval(timer);
      if (stderr.isTTY) stderr.write(`${clear}${text()}\n`);
    },
  };
}
