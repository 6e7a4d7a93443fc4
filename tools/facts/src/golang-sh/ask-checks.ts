import { basename, join } from 'node:path';
import type { CommandRunner } from '@slipway/adapters';
import type { CheckKind, Environment } from '@slipway/model';
import type { Rooted } from '../disk.ts';
import { type TreeCode, allowRun } from '../tree-code.ts';
import { parseRecords } from './answer.ts';
import { runProbe } from './run-probe.ts';
import { checksProbe } from './scripts.ts';

export interface ChecksQuestion extends Rooted {
  readonly kind: CheckKind;
  readonly quick: boolean;
  readonly variables: Environment;
  readonly environment: Environment;
  readonly runner: CommandRunner;
  readonly code?: TreeCode | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds; the scripts answer at once. */
const LONGEST_WAIT = 30_000;

/** File names of the scripts that the tree's own `make verify` or `make update` would run; undefined in a tree that does not say. */
export async function askChecks(question: ChecksQuestion): Promise<readonly string[] | undefined> {
  const { kind, root, disk, runner, environment, variables, quick } = question;
  const script = `hack/make-rules/${kind}.sh`;
  if (!disk.isFile(join(root, script))) return undefined;
  allowRun(question.code, root, join(root, script));
  const inherited = Object.entries(environment).filter(([name]) => ['PATH', 'HOME', 'TMPDIR'].includes(name));
  const given = Object.entries(variables).filter(([name]) => name.startsWith('EXCLUDE_'));
  const { stdout } = await runProbe({
    ...{ runner, root, script, probe: checksProbe(), args: [root, script], signal: question.signal },
    env: {
      ...Object.fromEntries([...inherited, ...given]),
      LC_ALL: 'C',
      QUICK: String(quick),
      SILENT: 'false',
      FORCE_ALL: 'true',
    },
    longest: LONGEST_WAIT,
  });
  const names = (parseRecords(stdout) ?? []).flatMap(([is, path]) => (is === 'script' ? [basename(path ?? '')] : []));
  return names.length === 0 ? undefined : names;
}
