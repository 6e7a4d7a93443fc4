import { isMissingTool, runAttached, throwIfInterrupted } from '@slipway/adapters';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { openShared, userStore } from '../open-stores.ts';
import { openNxEndpoint } from '../nx-endpoint.ts';
import type { Asking } from '../services.ts';

/** Runs an Nx command with a remote cache from slipway's store and the shared cache. No process stays behind. */
export async function nxCache({ line, services }: Asking): Promise<Answer> {
  const [program] = line.command;
  const local = await userStore(services.environment, services.seal);
  if (program === undefined || local === undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: local === undefined ? 'there is no store without a home directory' : 'nx-cache needs a command to run',
      hint: 'slipway nx-cache -- nx run-many -t build',
    });
  const shared = await openShared(local, { tree: {} }, line, services);
  await using endpoint = await openNxEndpoint(shared ?? local);
  const { cwd, signal } = services;
  const env = { ...services.environment, ...endpoint.environment };
  const exit = await runAttached({ argv: line.command, cwd, env, signal }).catch((error: unknown) => {
    throw notStarted(program, error);
  });
  await shared?.finish(WRITING);
  throwIfInterrupted(signal);
  if (exit !== 0)
    throw new FailureError({ code: 'COMMAND_FAILED', command: line.command.join(' '), exit: exit ?? 'a signal' });
  return answer([]);
}

const notStarted = (tool: string, error: unknown): unknown =>
  isMissingTool(error)
    ? new FailureError({
        code: 'TOOL_MISSING',
        tool,
        why: 'nx-cache needs it',
        hint: 'npm install, or name the program by its path: slipway nx-cache -- node_modules/.bin/nx run-many -t build',
      })
    : error;

/** Milliseconds to wait for pending writes. */
const WRITING = 2000;
