import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Check, Problems } from './check.ts';

interface Result {
  readonly violations: readonly { importPath: string; imports: string; file: string; why: string }[];
}

/** Go packages import what `.import-restrictions` and `staging/publishing/import-restrictions.yaml` allow, as `slipway verify-imports` says. */
export const importRestrictions: Check = ({ root }) => {
  const argv = [join(root, 'tools', 'cli', 'src', 'main.ts'), 'verify-imports', '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
  if (status !== 0 && status !== 4) throw new Error(`slipway verify-imports: ${stdout}${stderr}`);
  Problems.throwIfAny(
    (JSON.parse(stdout) as Result[]).flatMap(({ violations }) =>
      violations.map(({ importPath, imports, file, why }) => ({
        path: file,
        what: `${importPath} imports ${imports}: ${why}`,
      })),
    ),
  );
};
