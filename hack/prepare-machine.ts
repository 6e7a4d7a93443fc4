// Has this machine be one on which no test is skipped, on Debian as root: installs programs, starts a container engine.
//   node hack/prepare-machine.ts [--cosign]      cosign, too: Go builds it for some minutes
import { existsSync } from 'node:fs';
import { $ } from 'zx';
import { buildCosign, machinePrograms, missingPrograms } from '@slipway/testing';
import { scriptArguments } from './lib/arguments.ts';
import { startEngine } from './lib/start-engine.ts';

const { values } = scriptArguments('node hack/prepare-machine.ts [--cosign]', { cosign: { type: 'boolean' } }, 0);

const say = (line: string): void => console.log(line);
const missing = missingPrograms();
if (missing.length > 0) await install([...new Set(missing.flatMap((name) => machinePrograms[name]!.split(' ')))]);
const left = missingPrograms();
if (left.length > 0) say(`not here: ${left.join(', ')}; tests that need them are skipped`);
if (values.cosign === true) say(buildCosign());
const engine = await startEngine(say);
process.exitCode = left.length > 0 ? 3 : engine;

async function install(packages: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
    return say(`error: this installs ${packages.join(', ')}, on Debian as root only`);
  // Services stay as they are: in this runlevel none is started.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = $({ env, stdio: 'inherit', nothrow: true });
  const options = ['--yes', '--quiet', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  await apt`apt-get update --quiet`;
  await apt`apt-get install ${options} ${packages}`;
}
