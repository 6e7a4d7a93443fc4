import { type Simulated, simulate } from './cluster.ts';
import { type Recording, closureOf, longestChain } from './recording.ts';
import { type Cut, cuts, workOf } from './tasks.ts';

/** The parameters that the user sets. The number of workers is on the axis of every curve. */
export interface StudyOptions {
  readonly platforms: number;
  readonly cores: number;
  readonly workerBandwidth: number;
  readonly cacheBandwidth: number;
  readonly latency: number;
  readonly lossesPerHour: number;
  /** The price of one core for an hour. */
  readonly price: number;
}

export const defaults: StudyOptions = {
  platforms: 5,
  cores: 2,
  workerBandwidth: 100,
  cacheBandwidth: 1000,
  latency: 350,
  lossesPerHour: 0.05,
  price: 0.04,
};

export const workerCounts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

export interface Measured extends Simulated {
  readonly workers: number;
  /** Compared with one worker that runs the same actions of the first cut. */
  readonly speedUp: number;
  /** The price of all workers from begin to end, and the price of their busy time. */
  readonly rented: number;
  readonly used: number;
}

export interface Study {
  readonly what: string;
  readonly options: StudyOptions;
  readonly curves: readonly { readonly cut: Cut; readonly points: readonly Measured[] }[];
  /**
   * Milliseconds that no cluster can undercut: for one command with one compiler for each package, and with as many
   * cores as a worker has.
   */
  readonly longestChain: number;
  readonly longestCommand: number;
}

export function study(recording: Recording, options: StudyOptions): Study {
  const { platforms, cores, price } = options;
  const run = (cut: Cut, workers: number): Simulated =>
    simulate(workOf(recording, platforms, cut), {
      ...options,
      workers,
      noticed: 8000,
      replaced: 60_000,
      isShared: cut === 'shared',
      seed: String(workers),
    });
  const alone = run('command', 1).milliseconds;
  const curves = cuts.map((cut) => ({
    cut,
    points: workerCounts.map((workers): Measured => {
      const result = run(cut, workers);
      const hours = (milliseconds: number): number => (milliseconds * cores * price) / 3_600_000;
      return {
        ...result,
        workers,
        speedUp: alone / result.milliseconds,
        rented: hours(result.milliseconds * workers),
        used: hours(result.busy),
      };
    }),
  }));
  const commands = recording.commands.map(({ main, link }) => {
    const cpu = closureOf(recording, main).reduce((sum, each) => sum + recording.packages[each]![0], 0);
    const chain = longestChain(recording, main);
    return { chain: chain + link, command: Math.max(cpu / cores, chain) + link };
  });
  return {
    what: recording.what,
    options,
    curves,
    longestChain: Math.max(...commands.map(({ chain }) => chain)),
    longestCommand: Math.max(...commands.map(({ command }) => command)),
  };
}

/** A table for a terminal. */
export function formatStudy({ what, options, curves, longestChain: chain, longestCommand }: Study): string {
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(0)} s`;
  const rows = curves.flatMap(({ cut, points }) =>
    points.map((each) =>
      [
        cut.padEnd(8),
        String(each.workers).padStart(5),
        seconds(each.milliseconds).padStart(8),
        `${each.speedUp.toFixed(1)} x`.padStart(8),
        `${(each.bytes / 1e9).toFixed(2)} GB`.padStart(10),
        `${seconds(each.twice)} twice`.padStart(14),
        String(each.lost).padStart(5),
        `$${each.used.toFixed(2)} used`.padStart(12),
        `$${each.rented.toFixed(2)} rented`.padStart(14),
      ].join(' '),
    ),
  );
  return [
    `${what}, for ${options.platforms} platforms; ${JSON.stringify(options)}`,
    `longest command on one worker ${seconds(longestCommand)}, longest chain of imports ${seconds(chain)}`,
    'cut      workers   time  speed-up    traffic  compiled twice  lost  cost',
    ...rows,
    '',
  ].join('\n');
}
