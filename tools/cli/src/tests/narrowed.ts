import { isTest } from '@slipway/catalog';
import type { PackageList } from '@slipway/model';
import { outputNames } from '@slipway/plan';
import { affectedTests } from '../affected/affected-tests.ts';
import { changedFiles } from '../affected/changed-files.ts';
import type { Asking } from '../services.ts';
import { failedBefore } from './failed-before.ts';

/** Narrows the named packages to those that failed last time, or that depend on a change. */
export async function narrowed(asking: Asking): Promise<Asking> {
  const { line, services } = asking;
  if (!line.failed && !(line.affected && line.words.some(isTest))) return asking;
  const { root } = await asking.tree();
  const only: PackageList[] = [];
  if (line.failed) only.push(await failedBefore(root, outputNames(line.variables), services));
  if (line.affected && line.base !== undefined) {
    const { changes } = await changedFiles(asking, root, line.base);
    const { tests } = await affectedTests(asking.again({ words: [] }), changes);
    only.push({ words: `those that a change since ${line.base} may change`, packages: tests });
  }
  return asking.again({ testing: { ...line.testing, only } });
}
