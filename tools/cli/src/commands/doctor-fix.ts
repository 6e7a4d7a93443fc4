import { userInfo } from 'node:os';
import type { Installation } from '@slipway/catalog';
import { FailureError } from '@slipway/model';
import { findProgram } from '@slipway/facts';
import type { Asking } from '../services.ts';

/**
 * Prints and runs each install command. Debian's packages need root and apt-get; without them it only prints the
 * command. Returns whether anything was installed.
 */
export async function installMissing(wanted: readonly Installation[], asking: Asking): Promise<boolean> {
  const packages = wanted.flatMap((each) => ('debian' in each ? each.debian.split(' ') : []));
  const pinnedTools = wanted.flatMap((each) => ('pinnedTool' in each ? [each.pinnedTool] : []));
  const { line, services } = asking;
  let changed = false;
  if (packages.length > 0) changed = await aptInstall([...new Set(packages)].sort(), asking);
  for (const pinnedTool of pinnedTools) {
    const request = { pinnedTool, env: services.environment, signal: services.signal };
    services.progress(
      `${services.pinnedTools.command(request)} (sha256 ${pinnedTool.sha256.length === 1 ? pinnedTool.sha256[0] : 'pinned'})`,
    );
    if (line.dryRun) continue;
    await services.pinnedTools.install(request);
    changed = true;
  }
  return changed;
}

async function aptInstall(packages: readonly string[], { line, services }: Asking): Promise<boolean> {
  const commands = [
    ['apt-get', 'update'],
    ['apt-get', 'install', '--yes', ...packages],
  ];
  const refusal =
    findProgram('apt-get', services.environment) === undefined
      ? 'there is no apt-get; install the contents of these packages in another way'
      : userInfo().uid !== 0
        ? 'not root; run it as root'
        : undefined;
  for (const argv of commands) {
    services.progress(`${refusal === undefined ? '' : `${refusal}: `}${argv.join(' ')}`);
    if (refusal !== undefined || line.dryRun) continue;
    const env = { ...services.environment, DEBIAN_FRONTEND: 'noninteractive' };
    const { exit, signal, output } = await services.runner.run({ argv, cwd: '/', env, signal: services.signal });
    if (exit === 0) continue;
    const said = output.trim().split('\n').slice(-3).join(' | ');
    throw new FailureError({ code: 'COMMAND_FAILED', command: argv.join(' '), exit: `${exit ?? signal}: ${said}` });
  }
  return refusal === undefined && !line.dryRun;
}
