import { join } from 'node:path';
import { absolute } from '@slipway/plan';
import { standardError, standardOutput } from '../report/printer.ts';
import type { Reporting, TestedTree } from './tested-tree.ts';
import { formatCobertura } from './cobertura.ts';
import { formatProfile, formatTotal, mergeProfiles } from './coverage.ts';

/** Merges the profiles of all packages, including known ones, without running anything. */
export async function writeCoverage(
  { root, names, profiles, directories }: TestedTree,
  { line, services }: Reporting,
): Promise<void> {
  const texts: string[] = [];
  for (const path of profiles) {
    const text = await services.files.readTextIfExists(absolute(root, path));
    if (text !== undefined) texts.push(text);
  }
  if (texts.length === 0) return;
  const coverage = mergeProfiles(texts);
  const directory = absolute(root, line.variables['KUBE_COVER_REPORT_DIR'] || names.coverage);
  const profile = join(directory, 'combined-coverage.out');
  await services.files.writeFileWhole(profile, formatProfile(coverage));
  await services.files.writeFileWhole(
    join(directory, 'cobertura.xml'),
    formatCobertura(coverage, { root, directories, timestamp: Date.now() }),
  );
  const output = line.json || line.goOutput ? standardError : standardOutput;
  if (!line.silent) output.write(`coverage  ${formatTotal(coverage)}: ${profile}\n`);
}
