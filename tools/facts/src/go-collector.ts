import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path/posix';
import type { CommandRequest, CommandRunner } from '@slipway/adapters';
import { type Environment, goCollectorNames } from '@slipway/model';
import { readSystemText } from './disk.ts';
import { availableMemory } from './machine.ts';

const MIB = 2 ** 20;

/** Go 1.19 is the first with GOMEMLIMIT. Without that limit a program that never collects may take all memory. */
const FIRST_WITH_LIMIT = 19;

/** Go links the largest program of Kubernetes within it as quickly as without a limit. */
const LEAST = 512 * MIB;
/** More makes no call quicker. */
const MOST = 2048 * MIB;

interface MachineNow {
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
}

/**
 * Variables of Go's own garbage collector for a call of Go. Go, its compiler and its linker run for seconds, and collecting costs up
 * to a quarter of their CPU time. So each may first use its share of half the free memory: as many programs run at once as
 * there are cores, and Go itself. Empty where a share is too small, and where the user set one of the variables.
 */
export function collectorVariables(environment: Environment, { cores, memory }: MachineNow): Environment {
  if (goCollectorNames.some((name) => environment[name])) return {};
  const share = Math.min(MOST, memory / 2 / (cores + 1));
  return share < LEAST ? {} : { GOGC: 'off', GOMEMLIMIT: `${Math.floor(share / MIB)}MiB` };
}

/** Flags with which Go starts a program of the tree. */
const STARTS_OTHERS = /^--?(?:toolexec|vettool|exec)\b/;

/**
 * Calls of Go that start nothing but Go's own programs, or hide these variables from others: a test would see them.
 * The first `-exec` of such a call hides them, and a second one would replace it.
 */
function isOwn({ argv: [command = '', subcommand = '', ...rest], env, hidesCollector }: CommandRequest): boolean {
  if (basename(command) !== 'go') return false;
  const others = [...rest, ...(env['GOFLAGS'] ?? '').split(/\s+/)].filter((word) => STARTS_OTHERS.test(word));
  if (subcommand === 'test')
    return hidesCollector === true ? others.length === 1 : rest.includes('-c') && others.length === 0;
  return ['build', 'install', 'list', 'vet'].includes(subcommand) && others.length === 0;
}

const now = (): MachineNow => ({ cores: availableParallelism(), memory: availableMemory() });

/** The same runner; its calls of Go collect garbage by the memory that is free. No output depends on that. */
export const withGoCollector = (runner: CommandRunner, machine: () => MachineNow = now): CommandRunner => ({
  run: (request) => {
    if (!isOwn(request) || !hasLimit(request.argv[0]!)) return runner.run(request);
    return runner.run({ ...request, env: { ...request.env, ...collectorVariables(request.env, machine()) } });
  },
});

/** By the file VERSION of the distribution; unknown for a `go` that is looked up on PATH. */
const hasLimit = (command: string): boolean => {
  const minor = /^go1\.(\d+)/.exec(readSystemText(join(dirname(command), '../VERSION')) ?? '')?.[1];
  return Number(minor) >= FIRST_WITH_LIMIT;
};
