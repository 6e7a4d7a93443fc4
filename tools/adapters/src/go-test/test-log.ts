/** The testing package's output in -test.testlogfile: see testing/internal/testdeps and internal/testlog of Go. */
export interface TestLog {
  /** Absolute. */
  readonly opened: readonly string[];
  readonly looked: readonly string[];
  readonly variables: readonly string[];
}

const HEAD = '# test log\n';

/** Undefined for an incomplete log: the program ended before the testing package did. `cwd` is its start directory. */
export function parseTestLog(
  text: string,
  cwd: string,
  join: (from: string, to: string) => string,
): TestLog | undefined {
  if (!text.startsWith(HEAD) || !text.endsWith('\n')) return undefined;
  const opened = new Set<string>();
  const looked = new Set<string>();
  const variables = new Set<string>();
  let from = cwd;
  for (const line of text.slice(HEAD.length, -1).split('\n')) {
    const at = line.indexOf(' ');
    const what = line.slice(at + 1);
    const verb = line.slice(0, Math.max(0, at));
    if (verb === 'getenv') variables.add(what);
    else if (verb === 'chdir') from = join(from, what);
    else if (verb === 'open') opened.add(join(from, what));
    else if (verb === 'stat') looked.add(join(from, what));
    else if (line !== '') return undefined;
  }
  return { opened: [...opened], looked: [...looked], variables: [...variables] };
}
