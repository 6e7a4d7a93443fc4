import { access, constants, stat } from 'node:fs/promises';
import { FailureError } from '@slipway/model';

interface Asked {
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** Reports whether a program did not start because it is missing. */
export const isMissingTool = (error: unknown): boolean =>
  error instanceof FailureError && error.failures[0]?.code === 'TOOL_MISSING';

/** The system reports a missing directory, a missing program and a missing interpreter with the same code. */
export async function whyNotStarted(
  request: Asked,
  result: { readonly code?: string | undefined; readonly cause?: unknown },
): Promise<unknown> {
  const [tool] = request.argv as [string, ...string[]];
  const code = result.code;
  if (!(await isDirectory(request.cwd))) {
    return new FailureError({
      code: 'FILE_MISSING',
      path: request.cwd,
      why: `${tool} would run in this directory`,
    });
  }
  if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR' || code === 'ENOEXEC') {
    const present = tool.includes('/') && (await isReachable(tool));
    const why = present ? `it cannot be executed (${code})` : `needed to run ${request.argv.slice(0, 2).join(' ')}`;
    return new FailureError({ code: 'TOOL_MISSING', tool, why, hint: 'slipway doctor names what is missing' });
  }
  if (code !== undefined)
    return new FailureError({ code: 'COMMAND_FAILED', command: request.argv.slice(0, 2).join(' '), exit: code });
  return result.cause ?? result;
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isReachable = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
