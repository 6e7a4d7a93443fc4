import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Check, Problems, repositoryRoot } from './check.ts';

const oxlint = join(repositoryRoot, 'node_modules', '.bin', 'oxlint');

/**
 * oxlint has no findings in TypeScript and JavaScript with .oxlintrc.json, import cycles included; a warning counts as
 * an error.
 */
export const lint: Check = ({ root }) => {
  const { status, stdout, stderr } = spawnSync(oxlint, ['--deny-warnings', '--format=unix'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return;
  const problems = [...stdout.matchAll(/^(.+?):(\d+):\d+: (.+)$/gm)].map(([, path, line, what]) => ({
    path: path!,
    line: Number(line),
    what: what!,
  }));
  Problems.throwIfAny(problems);
  throw new Error(`oxlint: ${stdout}${stderr}`);
};
