// npm run bench:sync: compares the cost to sync a tree of Kubernetes' size into a container with tar and rsync. See
// ../README.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { writeSyntheticTree } from '@slipway/testing';
import { spreadOf } from './statistics.ts';
import { SyncSides } from './sync-sides.ts';
import { Workspace } from './workspace.ts';

const usage = 'npm run bench:sync -- [--scale 1] [--runs 3]; needs an engine, docker, rsync and GNU tar';
/** Nothing is compiled. */
const PACKAGES = 'base-passwd bash coreutils findutils rsync tar\n';

/** Seconds. */
interface Round {
  readonly first: Readonly<Record<'tar' | 'rsync' | 'slipway', number>>;
  readonly unchanged: Readonly<Record<'rsync' | 'slipway', number>>;
  /** The whole time of `slipway run -- true` without changes. */
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
  try {
    console.log(await measureSync(workspace, { scale: Number(values.scale), runs: Number(values.runs) }));
    return 0;
  } catch (error) {
    if (workspace.signal.aborted) return 130;
    console.error((error as Error).message);
    return 1;
  }
}

async function measureSync(workspace: Workspace, asked: { scale: number; runs: number }): Promise<string> {
  const tree = workspace.path('tree');
  writeSyntheticTree(tree, { scale: asked.scale, seed: '1', git: true });
  mkdirSync(join(tree, 'build/build-image'), { recursive: true });
  writeFileSync(join(tree, 'build/build-image/packages.txt'), PACKAGES);
  const files = execFileSync('git', ['-C', tree, 'ls-files'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const sides = new SyncSides(tree);
  const undo = workspace.undoAtExit(() => sides.remove());
  const rounds: Round[] = [];
  for (let count = 1; count <= asked.runs; count += 1) {
    workspace.signal.throwIfAborted();
    const round = await measureRound(sides, count);
    rounds.push(round);
    console.error(`${count}/${asked.runs} ${JSON.stringify(round)}`);
  }
  undo();
  return formatRounds(rounds, files.trim().split('\n').length);
}

/** Each round has its own volumes: some file systems create files slowly for minutes after a tree was deleted. */
async function measureRound(sides: SyncSides, count: number): Promise<Round> {
  const container = sides.container(count);
  const port = sides.port(container);
  await answers(port);
  const byTar = sides.tar(container);
  const byRsync = sides.rsync(port);
  const branch = sides.slipway(count);
  // A command may have written there, so this sync checks it once and finds nothing.
  sides.slipwayAgain();
  const [again, rsyncAgain] = [sides.slipwayAgain(), sides.rsync(port)];
  return {
    first: { tar: byTar, rsync: byRsync, slipway: branch.sync },
    unchanged: { rsync: rsyncAgain, slipway: again.sync },
    run: again.whole,
  };
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

/** A ratio compares the runs of one round, which are close in time. The median is shown. */
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
