import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Has programs here, each with the package that brings it, on a Debian whose root we are; else why one is missing. */
export function whyWithout(programs: Readonly<Record<string, string>>): string | undefined {
  const missing = (): string[] =>
    Object.entries(programs)
      .filter(([program]) => spawnSync('which', [program]).status !== 0)
      .map(([, name]) => name);
  if (missing().length > 0 && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const options = ['--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
    // Services stay as they are: in this runlevel none is started.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    spawnSync('apt-get', ['update'], { env, stdio: 'ignore' });
    spawnSync('apt-get', ['install', ...options, ...missing()], { env, stdio: 'ignore' });
  }
  const without = missing();
  return without.length === 0 ? undefined : `there is no ${without.join(', ')} (apt-get install ${without.join(' ')})`;
}
