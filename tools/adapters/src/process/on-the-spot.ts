import { limits, withoutRepository } from '@slipway/model';

interface OnTheSpot {
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Complete: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  /** It reads from slipway's terminal; otherwise from nothing. */
  readonly attached?: boolean;
}

/**
 * Runs a short program synchronously, for questions before anything else is loaded, because loading execa takes longer
 * than a no-op run. `exit` is undefined if it did not start, printed too much, or was ended by a signal.
 */
export function runOnTheSpot({ argv, cwd, env, attached = false }: OnTheSpot): {
  readonly exit: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
} {
  const [program, ...args] = argv as [string, ...string[]];
  // Loaded here, because most callers never call it.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout, stderr } = spawnSync(program, args, {
    ...{ cwd, env: withoutRepository(env), encoding: 'utf8', maxBuffer: limits.output.bytes },
    stdio: [attached ? 'inherit' : 'ignore', 'pipe', 'pipe'],
  });
  return { exit: status ?? undefined, stdout: stdout ?? '', stderr: stderr ?? '' };
}
