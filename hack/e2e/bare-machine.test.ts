import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../lib/check.ts';

/** Seconds that another program may keep this one from the processor. */
const SLACK = Number(process.env['SLIPWAY_TEST_SLACK'] ?? 10_000) / 1000;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The two commands of README.md on a machine that has node, npm, git and a shell, and has never seen this repository: packages
 * and Go come from the network, nothing else is there. It costs about four minutes of one core, 300 MB of
 * download and 1.2 GB of disk while it runs.
 */
describe('a machine with node, npm, git and a shell', () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-bare-')));
  const checkout = join(place, 'checkout');
  const files = filesOfThisRepository();
  const bin = join(place, 'bin');
  const environment = (path = bin): Record<string, string> => ({
    ...networkOfThisMachine(),
    PATH: path,
    HOME: join(place, 'home'),
    TMPDIR: join(place, 'tmp'),
  });
  const run = (program: string, args: readonly string[], env = environment()): Ended =>
    spawnSync(program, args, { cwd: checkout, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const npm = (...args: string[]): Ended => run(join(bin, 'npm'), args);
  /** The same, and the longest silence, with the text printed before it. */
  const listenTo = async (argv: readonly string[]): Promise<Ended & { silence: string }> => {
    const child = spawn(argv[0]!, argv.slice(1), {
      cwd: checkout,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    let [since, longest, silence] = [performance.now(), 0, ''];
    const note = (): void => {
      const gap = performance.now() - since;
      since += gap;
      if (gap < longest) return;
      longest = gap;
      const before = (said.stdout + said.stderr).trimEnd().split('\n').at(-1);
      silence = `${(gap / 1000).toFixed(1)} s after ${JSON.stringify(before)}`;
    };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        note();
        said[name] += text;
      });
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    note();
    return { ...said, status, silence };
  };
  const terminal = join(repositoryRoot, 'tools/testing/src/pseudo-terminal.py');

  beforeAll(() => {
    for (const directory of ['bin', 'home', 'tmp']) mkdirSync(join(place, directory));
    for (const name of ['node', 'npm', 'npx', 'git', 'sh']) symlinkSync(programOfThisMachine(name), join(bin, name));
    for (const file of files)
      cpSync(join(repositoryRoot, file), join(checkout, file), { recursive: true, verbatimSymlinks: true });
    const author = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.org'];
    for (const args of [
      ['init', '--quiet'],
      ['add', '--all'],
      [...author, 'commit', '--quiet', '--message=first'],
    ])
      execFileSync(join(bin, 'git'), args, { cwd: checkout, env: environment() });
  });
  // Go makes its module cache read-only.
  afterAll(() => {
    execFileSync('chmod', ['-R', 'u+w', place]);
    rmSync(place, { recursive: true });
  });

  test('npm run all builds everything, and at a terminal it is never silent for long', async () => {
    // Not one of the programs that choose a Python by scripts.
    const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
    const program = join(bin, 'npm');
    const { status, stdout, stderr, silence } = await listenTo([python, terminal, program, 'run', 'all']);
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/Go's own library|packages/);
    expect(Number.parseFloat(silence), silence).toBeLessThan(2 + SLACK);
    const kubectl = spawnSync(join(checkout, '_output/bin/kubectl'), ['--version'], { encoding: 'utf8' });
    expect(kubectl).toMatchObject({ status: 0, stdout: expect.stringMatching(/^kubectl v/) });
  });

  test('npx slipway is the tool of the checkout', () => {
    const { status, stdout, stderr } = run(join(bin, 'npx'), ['slipway', '-n', 'all']);
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^plan all/);
  });

  test('npm test prints what it skips, passes, and in a pipe is never silent for half a minute', async () => {
    const { status, stdout, stderr, silence } = await listenTo([join(bin, 'npm'), 'test', '--', '@slipway/catalog']);
    expect(Number.parseFloat(silence), silence).toBeLessThan(30 + SLACK);
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^tests go on without .*\bgcc\b.*node hack\/prepare-machine\.ts$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed(?:, \d+ skipped)?$/);
  });

  test('a suite that fails before its first test fails npm test', () => {
    const broken = join(checkout, 'tools/catalog/src/broken.test.ts');
    writeFileSync(broken, "import './nowhere.ts';\n");
    const { status, stdout } = npm('test', '--', '@slipway/catalog');
    rmSync(broken);
    expect(status).toBe(1);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 1 failed$/);
  });

  // A skipped test prints its reason when it runs. Here each file is only loaded, and asks the machine for its needs.
  // One process loads them all: separate ones would spend most of the time on loading the same modules.
  test('every test file can be loaded', () => {
    const { stdout: version } = npm('run', '--silent', 'slipway', '--', 'version', '--json');
    const go = dirname((JSON.parse(version) as { go: { command: string } }).go.command);
    const path = [join(checkout, 'node_modules/.bin'), go, bin].join(delimiter);
    const list = ['list', '--no-static-parse', '--no-isolate', '--config', 'hack/vitest.config.ts'];
    const vitest = ['node_modules/vitest/vitest.mjs', ...list];
    const { status, stdout, stderr } = run(join(checkout, 'node_modules/.bin/node'), vitest, environment(path));
    expect(status, stderr).toBe(0);
    expect(stdout.split('\n').length).toBeGreaterThan(2000);
  });
});

/** The present files, committed or not. */
const filesOfThisRepository = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--deduplicate'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => file !== '' && existsSync(join(repositoryRoot, file)));

function programOfThisMachine(name: string): string {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((dir) => !dir.includes('node_modules'));
  const found = path.map((dir) => join(dir, name)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`there is no ${name}`);
  return realpathSync(found);
}

/** Proxies, mirrors and certificates: they belong to the network, and not to the programs of a machine. */
function networkOfThisMachine(): Record<string, string> {
  const settings = Object.entries(process.env).filter(([name]) =>
    /_proxy$|^NODE_EXTRA_CA_CERTS$|^SSL_CERT_/i.test(name),
  );
  const [proxy, sums] = execFileSync('go', ['env', 'GOPROXY', 'GOSUMDB'], { encoding: 'utf8' }).split('\n');
  const npm = (name: string): string =>
    execFileSync('npm', ['config', 'get', name], { cwd: tmpdir(), encoding: 'utf8' }).trim();
  return {
    ...(Object.fromEntries(settings) as Record<string, string>),
    ...{ GOPROXY: proxy ?? '', GOSUMDB: sums ?? '' },
    ...{ npm_config_registry: npm('registry'), npm_config_cafile: npm('cafile') },
  };
}
