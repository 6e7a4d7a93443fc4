import { basename, join } from 'node:path';
import type { CheckKind, Environment } from '@slipway/model';
import { allowRun } from '../tree-code.ts';
import { parseRecords } from './answer.ts';
import { type Asker, runProbe } from './run-probe.ts';
import { checksProbe } from './scripts.ts';

export interface ChecksQuestion extends Asker {
  readonly kind: CheckKind;
  readonly quick: boolean;
  readonly variables: Environment;
}

/** Milliseconds. The scripts answer at once. */
const LONGEST_WAIT = 30_000;

/**
 * File names of the scripts that the tree's own `make verify` or `make update` runs; undefined if the tree does not
 * say.
 */
export async function askChecks(question: ChecksQuestion): Promise<readonly string[] | undefined> {
  const { kind, root, disk, variables, quick } = question;
  const script = `hack/make-rules/${kind}.sh`;
  if (!disk.isFile(join(root, script))) return undefined;
  allowRun(question.code, root, join(root, script));
  const given = Object.entries(variables).filter(([name]) => name.startsWith('EXCLUDE_'));
  const { stdout } = await runProbe(question, {
    ...{ script, probe: checksProbe(), args: [root, script], longest: LONGEST_WAIT },
    given: { ...Object.fromEntries(given), QUICK: String(quick), SILENT: 'false', FORCE_ALL: 'true' },
  });
  const names = (parseRecords(stdout) ?? []).flatMap(([is, path]) => (is === 'script' ? [basename(path ?? '')] : []));
  return names.length === 0 ? undefined : names;
}
