import { type Case, type CaseName, cases } from './cases.ts';
import { type EditTargets, openEdit } from './edits.ts';
import { measure } from './measure.ts';
import { differingBinaries } from './same-bytes.ts';
import { type Side, type Starting, planCall } from './sides.ts';
import type { Sample, Series } from './statistics.ts';
import type { Plan } from '@slipway/model';

/** What all cases run on. */
export interface Bench {
  readonly starting: Starting;
  readonly slipway: Side;
  readonly byHand: Side & { readonly plan: Plan };
  readonly targets: EditTargets;
  readonly runs: number;
  progress(message: string): void;
}

export interface CaseResult {
  readonly name: CaseName;
  readonly series: Series;
  /** The file that was edited. */
  readonly edited: string | undefined;
  /** Binaries that are not the same on both sides after the last run. */
  readonly differing: readonly string[];
}

export async function runCase(name: CaseName, bench: Bench): Promise<CaseResult> {
  const row: Case = cases.find((each) => each.name === name)!;
  const target =
    row.before === 'edit-leaf' ? bench.targets.leaf : row.before === 'edit-wide' ? bench.targets.wide : undefined;
  if (row.before !== 'empty') await settle(bench);
  const edit = target === undefined ? undefined : openEdit(target, bench.starting.workspace);
  const sides = row.does === 'plan' ? [bench.slipway] : [bench.slipway, bench.byHand];
  const samples: Record<Side['name'], Sample[]> = { slipway: [], byHand: [] };
  try {
    for (let count = 1; count <= bench.runs; count++) {
      edit?.apply(count);
      for (const side of sides) {
        if (row.before === 'empty') side.empty();
        const sample = await measure(row.does === 'plan' ? planCall(bench.starting) : side.build, measuring(bench));
        samples[side.name].push(sample);
        bench.progress(
          `${name} ${count}/${bench.runs} ${side.name}: ${sample.wall.toFixed(2)} s, CPU ${sample.cpu.toFixed(2)} s`,
        );
      }
    }
    return {
      name,
      series: samples,
      edited: edit?.file,
      differing: row.does === 'plan' ? [] : differingBinaries(bench.slipway, bench.byHand),
    };
  } finally {
    edit?.undo();
  }
}

/** Both sides built from the tree as it is; whoever was never built is. */
async function settle(bench: Bench): Promise<void> {
  for (const side of [bench.slipway, bench.byHand]) {
    const { wall, cpu } = await measure(side.build, measuring(bench));
    bench.progress(`(made ready: ${side.name}, ${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s)`);
  }
}

const measuring = ({ starting: { workspace } }: Bench): { directory: string; signal: AbortSignal } => ({
  directory: workspace.directory,
  signal: workspace.signal,
});
