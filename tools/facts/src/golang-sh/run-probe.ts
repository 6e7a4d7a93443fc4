import type { CommandResult, CommandRunner, Memo } from '@slipway/adapters';
import { type Environment, FailureError } from '@slipway/model';
import type { Rooted } from '../disk.ts';
import type { TreeCode } from '../tree-code.ts';

/** A caller that asks scripts of a tree. */
export interface Asker extends Rooted {
  readonly environment: Environment;
  readonly runner: CommandRunner;
  readonly code?: TreeCode | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One that remembers answers. */
export interface RememberingAsker extends Asker {
  readonly memo: Memo;
}

interface Probing {
  /** The tree's script, relative to the root; and what it is part of, for users without bash. */
  readonly script: string;
  readonly probe: string;
  readonly args: readonly string[];
  /** The variables that they see, besides those that find programs. */
  readonly given: Environment;
  /** Maximum milliseconds for the scripts. */
  readonly longest: number;
}

/**
 * Runs the probe of a tree's scripts in bash. Throws BAD_SCRIPT without an answer in time, TOOL_MISSING without bash,
 * INTERRUPTED.
 */
export async function runProbe(
  { runner, root, environment, signal }: Pick<Asker, 'runner' | 'root' | 'environment' | 'signal'>,
  { script, probe, args, given, longest }: Probing,
): Promise<CommandResult> {
  const inherited = Object.entries(environment).filter(([name]) => ['PATH', 'HOME', 'TMPDIR'].includes(name));
  const latencyBudget = AbortSignal.timeout(longest);
  const argv = ['bash', '--noprofile', '--norc', '-c', probe, 'slipway', ...args];
  try {
    return await runner.run({
      ...{ argv, cwd: root, env: { ...Object.fromEntries(inherited), LC_ALL: 'C', ...given } },
      signal: signal === undefined ? latencyBudget : AbortSignal.any([latencyBudget, signal]),
    });
  } catch (error) {
    if (latencyBudget.aborted && signal?.aborted !== true)
      throw badScript(script, `no answer within ${longest / 1000} seconds`, '');
    throw withoutBash(error, script);
  }
}

function withoutBash(error: unknown, script: string): unknown {
  if (!(error instanceof FailureError) || error.failures[0]?.code !== 'TOOL_MISSING') return error;
  const why = `${script} is bash, and knows this tree`;
  return new FailureError({
    code: 'TOOL_MISSING',
    tool: 'bash',
    why,
    hint: 'install bash, or describe the tree in slipway.config.ts',
  });
}

/** The last words of a script are usually the reason. */
export function badScript(script: string, fact: string, stderr: string): FailureError {
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-5);
  return new FailureError({
    code: 'BAD_SCRIPT',
    file: script,
    fact: lines.length === 0 ? fact : `${fact}; it printed: ${lines.join(' | ')}`,
  });
}
