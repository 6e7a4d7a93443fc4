import { userInfo } from 'node:os';
import type { Installation } from '@slipway/catalog';
import { FailureError } from '@slipway/model';
import { findProgram } from '@slipway/facts';
import type { Asking } from '../world.ts';

/**
 * Says each installing command and runs it. Debian's packages need root and apt-get: without them the command is only said. Whether
 * anything was installed.
 */
export async function installMissing(wanted: readonly Installation[], asking: Asking): Promise<boolean> {
  const packages = wanted.flatMap((each) => ('debian' in each ? each.debian.split(' ') : []));
  const wheels = wanted.flatMap((each) => ('wheel' in each ? [each.wheel] : []));
  const { line, world } = asking;
  let changed = false;
  if (packages.length > 0) changed = await aptInstall([...new Set(packages)].sort(), asking);
  for (const wheel of wheels) {
    const request = { wheel, env: world.environment, signal: world.signal };
    world.progress(
      `${world.wheels.command(request)} (sha256 ${wheel.sha256.length === 1 ? wheel.sha256[0] : 'pinned'})`,
    );
    if (line.dryRun) continue;
    await world.wheels.install(request);
    changed = true;
  }
  return changed;
}

async function aptInstall(packages: readonly string[], { line, world }: Asking): Promise<boolean> {
  const commands = [
    ['apt-get', 'update'],
    ['apt-get', 'install', '--yes', ...packages],
  ];
  const refusal =
    findProgram('apt-get', world.environment) === undefined
      ? 'there is no apt-get; install by other means what these packages have'
      : userInfo().uid !== 0
        ? 'not root; to be run as root'
        : undefined;
  for (const argv of commands) {
    world.progress(`${refusal === undefined ? '' : `${refusal}: `}${argv.join(' ')}`);
    if (refusal !== undefined || line.dryRun) continue;
    const env = { ...world.environment, DEBIAN_FRONTEND: 'noninteractive' };
    const { exit, signal, output } = await world.runner.run({ argv, cwd: '/', env, signal: world.signal });
    if (exit === 0) continue;
    const said = output.trim().split('\n').slice(-3).join(' | ');
    throw new FailureError({ code: 'COMMAND_FAILED', command: argv.join(' '), exit: `${exit ?? signal}: ${said}` });
  }
  return refusal === undefined && !line.dryRun;
}
