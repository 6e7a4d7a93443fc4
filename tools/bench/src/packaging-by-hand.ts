import { basename, dirname, join } from 'node:path';
import type { ArchiveEntry, Plan, Step } from '@slipway/model';
import { quote } from '@slipway/plan';
import { inTree } from './sides.ts';

/**
 * Makes the archives of a plan as a shell script would: it copies files into a directory, calls tar with gzip, and
 * writes checksums.
 */
export function byHandPackaging(plan: Plan, stages: string): string {
  const handled = plan.steps.filter((step) => ['exec', 'compress', 'archive', 'image', 'checksum'].includes(step.kind));
  const made = new Set(handled.flatMap((step) => step.outputs));
  const directories = [...made].map((output) => dirname(inTree(plan, output)));
  const lines = handled.flatMap((step) => byHand(step, { plan, made, stages }));
  return ['set -e', 'umask 022', makeDirectories(directories), ...lines, ''].join('\n');
}

interface Making {
  readonly plan: Plan;
  readonly made: ReadonlySet<string>;
  /** The directory below which the files of each archive are collected. */
  readonly stages: string;
}

function byHand(step: Step, { plan, made, stages }: Making): string[] {
  const path = (name: string): string => quote(inTree(plan, name));
  switch (step.kind) {
    case 'exec':
      return [step.argv.map(quote).join(' ')];
    case 'compress':
      return [`gzip <${path(step.from)} >${path(step.to)}`];
    case 'archive':
    case 'image': {
      const stage = join(stages, basename(step.to));
      const staged = stageFiles(step.kind === 'archive' ? step.entries : step.layers.flat(), stage, plan);
      const flags = step.kind === 'archive' ? 'czf' : 'cf';
      return [...staged, `tar ${flags} ${path(step.to)} --owner=0 --group=0 -C ${quote(stage)} .`];
    }
    case 'checksum':
      return [
        `${step.algorithm}sum ${step.files
          .filter((file) => made.has(file))
          .map(path)
          .join(' ')} >${path(step.to)}`,
      ];
    default:
      return [];
  }
}

/** Calls cp once for each directory, because one process for each file would dominate the measurement. */
function stageFiles(entries: readonly ArchiveEntry[], stage: string, plan: Plan): string[] {
  const directories = [stage, ...entries.map(({ path }) => dirname(join(stage, path)))];
  const copies = new Map<string, string[]>();
  const others: string[] = [];
  for (const entry of entries) {
    const to = join(stage, entry.path);
    if ('directory' in entry) directories.push(to);
    else if ('link' in entry) others.push(`ln -s ${quote(entry.link)} ${quote(to)}`);
    else if ('text' in entry) others.push(`printf %s ${quote(entry.text)} >${quote(to)}`);
    else {
      const from = inTree(plan, entry.file);
      if (basename(from) === basename(to)) copies.set(dirname(to), [...(copies.get(dirname(to)) ?? []), from]);
      else others.push(`cp ${quote(from)} ${quote(to)}`);
    }
  }
  const copied = [...copies].map(([to, files]) => `cp ${files.map(quote).join(' ')} ${quote(to)}`);
  return [makeDirectories(directories), ...copied, ...others];
}

const makeDirectories = (directories: readonly string[]): string =>
  `mkdir -p ${[...new Set(directories)].map(quote).join(' ')}`;
