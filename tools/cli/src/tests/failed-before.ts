import { join } from 'node:path';
import type { PackageList } from '@slipway/model';
import { type OutputNames, absolute } from '@slipway/plan';
import type { Services } from '../services.ts';
import type { TestRun } from './test-run.ts';

const fileOf = (root: string, names: OutputNames): string => join(absolute(root, names.memory), 'failed-tests');

/** Packages that failed in their last run: one import path on each line. */
export async function failedBefore(
  root: string,
  names: OutputNames,
  { files }: Pick<Services, 'files'>,
): Promise<PackageList> {
  const text = (await files.readTextIfExists(fileOf(root, names))) ?? '';
  return { packages: text.split('\n').filter((line) => line !== ''), words: 'those that failed last time' };
}

/** Keeps the entries of packages that did not run now. */
export async function noteFailed(
  run: TestRun,
  { root, names }: { readonly root: string; readonly names: OutputNames },
  services: Pick<Services, 'files'>,
): Promise<void> {
  const { packages } = await failedBefore(root, names, services);
  const tested = new Set(run.tested.map(({ result }) => result.importPath));
  const failed = [
    ...packages.filter((each) => !tested.has(each)),
    ...run.failed.map(({ result }) => result.importPath),
  ];
  await services.files.writeFileWhole(fileOf(root, names), failed.map((each) => `${each}\n`).join(''));
}
