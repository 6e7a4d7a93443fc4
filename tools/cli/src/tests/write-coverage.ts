import { join } from 'node:path';
import type { Plan } from '@slipway/model';
import { absolute } from '@slipway/plan';
import type { Planned } from '../planned.ts';
import { standardError, standardOutput } from '../report/printer.ts';
import type { Asking } from '../services.ts';
import { formatCobertura } from './cobertura.ts';
import { formatProfile, formatTotal, mergeProfiles } from './coverage.ts';

/** Puts the profiles of all packages together, those of known ones too: nothing runs for that. */
export async function writeCoverage({ plan, names }: Planned, { line, services }: Asking): Promise<void> {
  const texts: string[] = [];
  for (const path of profilesOf(plan)) {
    const text = await services.files.readTextIfExists(absolute(plan.root, path));
    if (text !== undefined) texts.push(text);
  }
  if (texts.length === 0) return;
  const coverage = mergeProfiles(texts);
  const directory = absolute(plan.root, line.variables['KUBE_COVER_REPORT_DIR'] || names.coverage);
  const profile = join(directory, 'combined-coverage.out');
  await services.files.writeFileWhole(profile, formatProfile(coverage));
  const directories = Object.assign({}, ...plan.steps.map((step) => (step.kind === 'exec' ? step.tests : {})));
  await services.files.writeFileWhole(
    join(directory, 'cobertura.xml'),
    formatCobertura(coverage, { root: plan.root, directories, timestamp: Date.now() }),
  );
  const output = line.json || line.goOutput ? standardError : standardOutput;
  if (!line.silent) output.write(`coverage  ${formatTotal(coverage)}: ${profile}\n`);
}

const profilesOf = ({ steps }: Plan): string[] =>
  steps.flatMap((step) => (step.kind === 'exec' && step.tests !== undefined ? step.outputs : []));
