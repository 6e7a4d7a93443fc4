import { spawnSync } from 'node:child_process';

/** Installs what a test wants on a CI machine, whose root we are; elsewhere nobody asked for it. Whether it is there, look. */
export function installOnCi(...packages: readonly string[]): void {
  if (!process.env['CI'] || process.getuid?.() !== 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]])
    spawnSync('apt-get', args, { env, stdio: 'ignore' });
}
