import type { Environment } from '@slipway/model';
import { runOnTheSpot } from '../process/on-the-spot.ts';

/**
 * The owners of trees in which git works: the user, and for root under sudo the calling user. Undefined if files have
 * no owners.
 */
export function trustedUsers(environment: Environment): readonly number[] | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  const caller = environment['SUDO_UID'] ?? '';
  return user === 0 && /^\d+$/.test(caller) ? [0, Number(caller)] : [user];
}

/** Scopes that the repository cannot set itself. */
const believed = new Set(['system', 'global', 'command']);

/** Reports whether the user marked one of these directories as safe for any owner: `safe.directory`. */
export function isSafeDirectory(directories: readonly string[], environment: Environment): boolean {
  const argv = ['git', 'config', '--show-scope', '--type=path', '--get-all', 'safe.directory'];
  const { exit, stdout } = runOnTheSpot({ argv, cwd: '/', env: environment });
  if (exit !== 0) return false;
  const lines = stdout.split('\n').map((line) => line.split('\t'));
  const entries = lines.filter(([scope = '']) => believed.has(scope));
  const names = entries.map(([, name = '']) => name);
  // An empty value resets the earlier ones.
  return names
    .slice(names.lastIndexOf('') + 1)
    .some((name) => directories.some((directory) => covers(name, directory)));
}

const covers = (name: string, directory: string): boolean =>
  name === '*' ||
  name.replace(/\/$/, '') === directory ||
  (name.endsWith('/*') && directory.startsWith(name.slice(0, -1)));
