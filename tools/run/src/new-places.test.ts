import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type Action,
  type ExecStep,
  HOLES,
  type Place,
  type Places,
  type Ran,
  type StepId,
  callIn,
  pathAt,
  settingsIn,
} from '@slipway/model';
import { callFor } from './places/call.ts';

/**
 * What ARCHITECTURE.md says of things to come, done with places of the test's own: no engine of them is here yet. How their results are
 * kept is tested in freshness/src/up-to-date/files.test.ts.
 */

const action = (name: string, more: Partial<Action> = {}): Action => ({
  ...{ id: name, name, words: [name], inputs: [], settings: {}, outputs: [], hasResult: false },
  cache: { is: 'shared', why: '' },
  ...more,
});

const exec = (argv: readonly string[], actions: readonly Action[]): ExecStep => ({
  ...{ kind: 'exec', place: 'host', id: 'x' as StepId, title: 'x', needs: [], after: [], outputs: [], pool: 'go' },
  ...{ argv, cwd: HOLES.root, env: { TMPDIR: HOLES.scratch }, unset: [], scratch: undefined, memory: 0, actions },
});

const host: Place = {
  name: 'host',
  root: '/src/tree',
  output: '/src/tree/_output',
  go: '/usr/bin/go',
  environment: {},
};

test('a test: one call for several packages, and a result for each of them', () => {
  const packages = ['m/a', 'm/b'].map((name) => action(name, { hasResult: true }));
  const { argv } = callFor(exec([HOLES.go, 'test', '-json'], packages), host, { actions: packages, flags: [] });
  expect(argv).toEqual(['/usr/bin/go', 'test', '-json', 'm/a', 'm/b']);
  const printed = [
    { Package: 'm/a', Action: 'pass', Output: '' },
    { Package: 'm/b', Action: 'output', Output: 'b_test.go:3: no\n' },
    { Package: 'm/b', Action: 'fail', Output: '' },
  ];
  const results = new Map(
    packages.map((each) => {
      const own = printed.filter(({ Package }) => Package === each.name);
      const exit = own.some(({ Action: ended }) => ended === 'fail') ? 1 : 0;
      return [each, { exit, log: own.map(({ Output }) => Output).join(''), values: {} }] as const;
    }),
  );
  const ran: Ran = { output: '', passed: packages.filter((each) => results.get(each)!.exit === 0), results };
  expect(ran.passed.map(({ name }) => name)).toEqual(['m/a']);
  expect(ran.results!.get(packages[1]!)!.log).toBe('b_test.go:3: no\n');
});

test('a traced check: what it read comes with its result', () => {
  const check = action('verify-boilerplate', { inputs: [{ kind: 'observed' }], hasResult: true });
  const trace = [
    'openat(AT_FDCWD, "/src/tree/hack/verify.sh", O_RDONLY) = 3',
    'openat(AT_FDCWD, "/src/tree/x.go", O_RDONLY) = 3',
  ];
  const read = trace.map((line) => /"([^"]*)"/.exec(line)![1]!);
  const ran: Ran = {
    output: '',
    passed: [check],
    observed: new Map([[check, { files: read, listings: [], variables: [] }]]),
  };
  expect(ran.observed!.get(check)).toMatchObject({ files: ['/src/tree/hack/verify.sh', '/src/tree/x.go'] });
});

test('a remote place: the same call with other paths, a root of the inputs alone, and outputs that come back', () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-places-')));
  try {
    const here: Place = { ...host, root: join(base, 'tree'), output: join(base, 'tree/_output') };
    const worker: Place = {
      name: 'container',
      root: join(base, 'worker/root'),
      output: join(base, 'worker/out'),
      go: '/go/bin/go',
      environment: { HOME: '/w' },
    };
    const places: Places = { host: here, container: worker };
    const made = action('a', {
      inputs: [{ kind: 'files', paths: ['a.go'] }],
      outputs: ['_output/bin/a'],
      settings: { path: HOLES.root },
    });
    mkdirSync(here.root, { recursive: true });
    for (const name of ['a.go', 'secret']) writeFileSync(join(here.root, name), name);

    // Brings inputs.
    for (const input of made.inputs)
      if (input.kind === 'files')
        for (const path of input.paths) {
          const there = pathAt(path, places, worker);
          mkdirSync(dirname(there), { recursive: true });
          writeFileSync(there, readFileSync(join(here.root, path)));
        }
    const { argv, cwd, env } = callIn(exec([HOLES.go, 'build', '-o', `${HOLES.output}/bin/a`], [made]), worker);
    expect({ argv, cwd, env }).toEqual({
      argv: ['/go/bin/go', 'build', '-o', join(base, 'worker/out/bin/a')],
      cwd: join(base, 'worker/root'),
      env: { HOME: '/w' },
    });
    expect(() => readFileSync(join(worker.root, 'secret'))).toThrow('ENOENT');
    // Runs, and brings outputs.
    const there = pathAt(made.outputs[0]!, places, worker);
    mkdirSync(dirname(there), { recursive: true });
    writeFileSync(there, readFileSync(join(worker.root, 'a.go')));
    expect(readFileSync(pathAt(made.outputs[0]!, places, worker), 'utf8')).toBe('a.go');
    expect(there).toBe(argv.at(-1));
    expect(settingsIn(made, worker)['path']).toBe(worker.root);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
});
