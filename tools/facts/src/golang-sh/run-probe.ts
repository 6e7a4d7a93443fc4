import type { CommandResult, CommandRunner } from '@slipway/adapters';
import { type Environment, FailureError } from '@slipway/model';

export interface Probing {
  readonly runner: CommandRunner;
  readonly root: string;
  /** The script of the tree that is asked, relative to the root; and of what it is a part, for who has no bash. */
  readonly script: string;
  readonly probe: string;
  readonly args: readonly string[];
  readonly env: Environment;
  /** Milliseconds the scripts may take. */
  readonly longest: number;
  readonly signal?: AbortSignal | undefined;
}

/** Asks the scripts of a tree with bash. Throws BAD_SCRIPT when no answer comes in time, TOOL_MISSING without bash, INTERRUPTED. */
export async function runProbe(probing: Probing): Promise<CommandResult> {
  const { runner, root, script, probe, args, env, longest, signal } = probing;
  const latencyBudget = AbortSignal.timeout(longest);
  const argv = ['bash', '--noprofile', '--norc', '-c', probe, 'slipway', ...args];
  try {
    return await runner.run({
      ...{ argv, cwd: root, env },
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
