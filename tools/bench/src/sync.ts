// npm run bench:sync: what it costs to have a tree of Kubernetes' size in a container, beside tar and rsync. See ../README.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Event } from '@slipway/model';
import { writeSyntheticTree } from '@slipway/testing';
import { spreadOf } from './statistics.ts';
import { Workspace } from './workspace.ts';

const usage = 'npm run bench:sync -- [--scale 1] [--runs 3]; needs an engine, docker, rsync and GNU tar';
const main = resolve(import.meta.dirname, '../../cli/src/main.ts');
const LABEL = 'slipway.bench';
const PORT = 8730;

/** Seconds. */
interface Round {
  readonly first: Readonly<Record<'tar' | 'rsync' | 'slipway', number>>;
  readonly unchanged: Readonly<Record<'rsync' | 'slipway', number>>;
  /** All of `slipway run -- true`, when nothing changed. */
  readonly run: number;
}

process.exitCode = await bench(process.argv.slice(2));

async function bench(argv: readonly string[]): Promise<number> {
  const options = {
    scale: { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values } = parseArgs({ args: [...argv], options });
  if (values.help) console.log(usage);
  if (values.help) return 0;
  const missing = ['docker', 'rsync', 'tar'].filter((program) => spawnSync('which', [program]).status !== 0);
  if (missing.length > 0) {
    console.error(`there is no ${missing.join(', ')}\n${usage}`);
    return 2;
  }
  await using workspace = new Workspace();
  const tree = workspace.path('tree');
  writeSyntheticTree(tree, { scale: Number(values.scale), seed: '1', git: true });
  const files = execFileSync('git', ['-C', tree, 'ls-files'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const sides = new Sides(tree);
  const undo = workspace.undoAtExit(() => sides.remove());
  const rounds: Round[] = [];
  for (let count = 1; count <= Number(values.runs); count += 1) {
    workspace.signal.throwIfAborted();
    const round = await measureRound(sides, count);
    rounds.push(round);
    console.error(`${count}/${values.runs} ${JSON.stringify(round)}`);
  }
  undo();
  console.log(formatRounds(rounds, files.trim().split('\n').length));
  return 0;
}

/** Each round has volumes of its own: some file systems make new files slowly for minutes after a tree was deleted. */
async function measureRound(sides: Sides, count: number): Promise<Round> {
  const container = sides.container(count);
  const port = sides.port(container);
  await answers(port);
  const byTar = sides.tar(container);
  const byRsync = sides.rsync(port);
  const branch = sides.slipway(count);
  // What a command may have done there is looked at once, and nothing is found.
  sides.slipwayAgain();
  const [again, rsyncAgain] = [sides.slipwayAgain(), sides.rsync(port)];
  return {
    first: { tar: byTar, rsync: byRsync, slipway: branch.sync },
    unchanged: { rsync: rsyncAgain, slipway: again.sync },
    run: again.whole,
  };
}

/** The three ways, each into a place that nobody else fills. */
class Sides {
  readonly #tree: string;
  readonly #image: string;

  constructor(tree: string) {
    this.#tree = tree;
    this.#slipway('make-build-image');
    const images = this.#docker('images', '--format={{.Repository}}:{{.Tag}}', `--filter=label=slipway.tree`);
    const named = this.#slipway('-n', 'make-build-image').match(/kube-build:build-\S+/)?.[0];
    this.#image = images.split('\n').find((image) => image === named)!;
  }

  /** Idles, with rsync's daemon in it, as Kubernetes' scripts configure it. */
  container(count: number): string {
    const name = `slipway-bench-${process.pid}-${count}`;
    const configuration = `use chroot = no\nuid = 0\ngid = 0\n[k8s]\npath = /sync/rsync\nread only = no\n`;
    const script = `mkdir -p /sync/tar /sync/rsync; printf '${configuration}' > /tmp/c; exec rsync --daemon --no-detach --port=${PORT} --config=/tmp/c`;
    const rest = ['--volume', '/sync', '--publish', `127.0.0.1::${PORT}`, '--user', '0:0', '--entrypoint', 'bash'];
    this.#docker('run', '--detach', '--label', LABEL, '--name', name, ...rest, this.#image, '-c', script);
    return name;
  }

  port(container: string): number {
    return Number(this.#docker('port', container, String(PORT)).trim().split(':').at(-1));
  }

  tar(container: string): number {
    const [pack, unpack] = [
      `tar --create --exclude=./.git --exclude=./_output --directory=${this.#tree} .`,
      `docker exec --interactive ${container} tar --extract --no-same-owner --directory=/sync/tar`,
    ];
    return seconds(() => execFileSync('bash', ['-c', `set -o pipefail; ${pack} | ${unpack}`]));
  }

  rsync(port: number): number {
    const options = ['--archive', '--delete', '--exclude=/.git', '--exclude=/_output'];
    return seconds(() => execFileSync('rsync', [...options, `${this.#tree}/`, `rsync://127.0.0.1:${port}/k8s/`]));
  }

  /** A branch has a volume of its own. */
  slipway(count: number): { sync: number; whole: number } {
    execFileSync('git', ['-C', this.#tree, 'checkout', '--quiet', '-b', `round-${count}`]);
    this.#slipway('make-build-image');
    return this.slipwayAgain();
  }

  slipwayAgain(): { sync: number; whole: number } {
    let printed = '';
    const whole = seconds(() => (printed = this.#slipway('--json', 'run', '--', 'true')));
    const events = printed.trim().split('\n');
    const ended = events
      .map((line) => JSON.parse(line) as Event)
      .find((event) => event.kind === 'step-finished' && event.step.kind === 'sync');
    return { sync: ended?.kind === 'step-finished' ? ended.milliseconds / 1000 : Number.NaN, whole };
  }

  remove(): void {
    const containers = this.#docker('ps', '--all', '--quiet', `--filter=label=${LABEL}`).split('\n').filter(Boolean);
    if (containers.length > 0) this.#docker('rm', '--force', '--volumes', ...containers);
    this.#slipway('make-clean');
  }

  #docker(...args: readonly string[]): string {
    return execFileSync('docker', args, { encoding: 'utf8' });
  }

  #slipway(...args: readonly string[]): string {
    const options = { cwd: this.#tree, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
    return execFileSync(process.execPath, [main, ...args], options);
  }
}

function seconds(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1, await sleep(100)) {
    const socket = connect(port, '127.0.0.1');
    const greeted = await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => []);
    socket.destroy();
    if (Buffer.isBuffer(greeted[0])) return;
  }
  throw new Error("rsync's daemon does not answer");
}

/** Ratios are of the runs of one round, which lie beside each other; their medians are shown. */
function formatRounds(rounds: readonly Round[], files: number): string {
  const show = (of: (round: Round) => number, digits = 2): string => {
    const { median, least, most } = spreadOf(rounds.map(of));
    return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
  };
  return [
    `${files} files, ${rounds.length} rounds; seconds, medians (least–most)`,
    `first sync      tar ${show(({ first }) => first.tar)}   rsync ${show(({ first }) => first.rsync)}   slipway ${show(({ first }) => first.slipway)}`,
    `                slipway / the faster of both ${show(({ first }) => first.slipway / Math.min(first.tar, first.rsync))}, promised ≤ 1.10`,
    `nothing changed rsync ${show(({ unchanged }) => unchanged.rsync)}   slipway ${show(({ unchanged }) => unchanged.slipway)}`,
    `                slipway / rsync ${show(({ unchanged }) => unchanged.slipway / unchanged.rsync)}, promised ≤ 0.80`,
    `slipway run -- true, nothing changed ${show(({ run }) => run)}`,
  ].join('\n');
}
