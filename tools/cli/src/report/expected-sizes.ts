import { statSync } from 'node:fs';
import { relative } from 'node:path';
import type { Plan } from '@slipway/model';
import { absolute } from '@slipway/plan';
import { artifactsOf, formatBytes } from './words.ts';

/**
 * The expected size of each artifact: the size of the artifact with the same name in the last release. A dry run cannot
 * know more.
 */
export function formatExpectedSizes(plan: Plan): string[] {
  const paths = artifactsOf(plan).map((path) => absolute(plan.root, path));
  const found = paths.flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true ? [{ path, size: stat.size }] : [];
  });
  if (found.length === 0) return [];
  const lines = found.map(
    ({ path, size }) => `expected  ${formatBytes(size).padStart(7)}  ${relative(plan.root, path)}`,
  );
  const all = formatBytes(found.reduce((sum, { size }) => sum + size, 0));
  return [...lines, `expected  ${all} in ${found.length} of ${paths.length} artifacts, as the last release was`];
}
