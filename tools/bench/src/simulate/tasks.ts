import { type Recording, closureOf, longestChain } from './recording.ts';

/**
 * The ways to cut a build into actions. `command`: one for each command and platform; a worker keeps what it compiled.
 * `shared`: the same, and other workers fetch what one compiled. `package`: one for each package and platform, and one
 * for each link.
 */
export const cuts = ['command', 'shared', 'package'] as const;
export type Cut = (typeof cuts)[number];

/** One action. Objects are packages for one platform, by number. */
export interface Task {
  /** The objects that it needs. It compiles those that nobody has compiled. */
  readonly compiles: readonly number[];
  /** CPU milliseconds on one core afterwards. */
  readonly alone: number;
  /** The minimum milliseconds of its compilation with any number of cores. */
  readonly chain: number;
  readonly inputBytes: number;
  readonly inputBlobs: number;
  readonly outputBytes: number;
  /** The tasks whose outputs it needs and reads. */
  readonly after: readonly number[];
}

export interface Work {
  readonly tasks: readonly Task[];
  readonly objects: readonly { readonly cpu: number; readonly bytes: number }[];
}

export function workOf(recording: Recording, platforms: number, cut: Cut): Work {
  const { packages } = recording;
  const objects = Array.from({ length: platforms }, () => packages.map(([cpu, bytes]) => ({ cpu, bytes }))).flat();
  const tasks = Array.from({ length: platforms }, (_, platform) =>
    cut === 'package'
      ? packageTasks(recording, platform * (packages.length + recording.commands.length))
      : commandTasks(recording, platform * packages.length),
  ).flat();
  return { tasks, objects };
}

function commandTasks(recording: Recording, shift: number): Task[] {
  return recording.commands.map(({ main, link, bytes }) => {
    const closure = closureOf(recording, main);
    const sum = (of: 2 | 3): number => closure.reduce((all, each) => all + recording.packages[each]![of], 0);
    return {
      compiles: closure.map((each) => each + shift),
      alone: link,
      chain: longestChain(recording, main),
      inputBytes: sum(2),
      inputBlobs: sum(3),
      outputBytes: bytes,
      after: [],
    };
  });
}

function packageTasks({ packages, commands, ...rest }: Recording, first: number): Task[] {
  const compiling = packages.map(([cpu, object, sources, files, imports]) => ({
    compiles: [],
    alone: cpu,
    chain: 0,
    inputBytes: sources,
    inputBlobs: files,
    outputBytes: object,
    after: imports.map((each) => each + first),
  }));
  const linking = commands.map(({ main, link, bytes }) => ({
    compiles: [],
    alone: link,
    chain: 0,
    inputBytes: 0,
    inputBlobs: 0,
    outputBytes: bytes,
    after: closureOf({ packages, commands, ...rest }, main).map((each) => each + first),
  }));
  return [...compiling, ...linking];
}
