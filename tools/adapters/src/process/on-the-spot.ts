import { limits, withoutRepository } from '@slipway/model';

interface OnTheSpot {
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Complete: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether it reads from our terminal; else nothing. */
  readonly attached?: boolean;
}

/**
 * Runs a short program and stands still until it ended: for what is asked before anything else is loaded, as execa takes longer to load
 * than a run that finds nothing to do. `exit` is undefined where it did not start, said too much, or a signal ended it.
 */
export function runOnTheSpot({ argv, cwd, env, attached = false }: OnTheSpot): {
  readonly exit: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
} {
  const [program, ...args] = argv as [string, ...string[]];
  // Loaded here, since most of those who may call it do not.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout, stderr } = spawnSync(program, args, {
    ...{ cwd, env: withoutRepository(env), encoding: 'utf8', maxBuffer: limits.output.bytes },
    stdio: [attached ? 'inherit' : 'ignore', 'pipe', 'pipe'],
  });
  return { exit: status ?? undefined, stdout: stdout ?? '', stderr: stderr ?? '' };
}
