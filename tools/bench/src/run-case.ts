import { type Case, type CaseName, cases } from './cases.ts';
import { type Edit, type EditTargets, openEdit, openTouch } from './edits.ts';
import { measure } from './measure.ts';
import { differingTarballs, packagingSides } from './packaging-sides.ts';
import { restoringSides } from './restoring-sides.ts';
import { differingBinaries } from './same-bytes.ts';
import { testingSides } from './testing-sides.ts';
import { type Side, type Starting, planCall } from './sides.ts';
import type { Sample, Series } from './statistics.ts';
import type { Plan } from '@slipway/model';

/** The input of all cases. */
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
  /** The other side, in words; undefined without one. */
  readonly against: string | undefined;
  /** The edited file. */
  readonly edited: string | undefined;
  /** The differences between both sides after the last run: binaries, or names of tarballs. */
  readonly differing: readonly string[];
}

/** The sides of a case, and the check of their results. */
interface Competing {
  readonly sides: readonly Side[];
  readonly against: string | undefined;
  differing(): readonly string[];
}

async function competing({ does, before }: Case, { starting, slipway, byHand, targets }: Bench): Promise<Competing> {
  if (does === 'test')
    return {
      sides: await testingSides(starting, before, targets.leaf.ImportPath),
      against: 'the same calls of go test',
      differing: () => [],
    };
  if (does === 'plan') {
    const planning = { ...slipway, build: planCall(starting) };
    return { sides: [planning], against: undefined, differing: () => [] };
  }
  if (does === 'build')
    return {
      sides: [slipway, byHand],
      against: 'the same Go calls',
      differing: () => differingBinaries(slipway, byHand),
    };
  if (does === 'restore')
    return {
      sides: restoringSides(starting, slipway),
      against: 'cp of them',
      differing: () => differingBinaries(slipway, byHand),
    };
  const packaging = await packagingSides(starting);
  return {
    sides: [packaging.slipway, packaging.byHand],
    against: packaging.against,
    differing: () => differingTarballs(packaging),
  };
}

export async function runCase(name: CaseName, bench: Bench): Promise<CaseResult> {
  const row: Case = cases.find((each) => each.name === name)!;
  const isWarm = row.before !== 'empty' || row.does === 'restore';
  if (isWarm && row.does !== 'test') await settle([bench.slipway, bench.byHand], bench);
  const edit = editBefore(row, bench);
  const { sides, against, differing } = await competing(row, bench);
  if (isWarm && row.does === 'test') await settle(sides, bench);
  const samples: Record<Side['name'], Sample[]> = { slipway: [], byHand: [] };
  try {
    for (let count = 1; count <= bench.runs; count++) {
      edit?.apply(count);
      for (const side of sides) {
        if (row.before === 'empty' || row.before === 'clone') side.empty();
        const sample = await measure(side.build, measuring(bench));
        samples[side.name].push(sample);
        bench.progress(
          `${name} ${count}/${bench.runs} ${side.name}: ${sample.wall.toFixed(2)} s, CPU ${sample.cpu.toFixed(2)} s`,
        );
      }
    }
    return { name, series: samples, against, edited: edit?.file, differing: differing() };
  } finally {
    edit?.undo();
  }
}

function editBefore({ before }: Case, { starting: { tree, workspace }, targets }: Bench): Edit | undefined {
  if (before === 'edit-leaf') return openEdit(targets.leaf, workspace);
  if (before === 'edit-wide') return openEdit(targets.wide, workspace);
  return before === 'touch' ? openTouch(tree, workspace) : undefined;
}

/** Runs both sides once, unmeasured, so that each has built the tree in its present state. */
async function settle(sides: readonly Side[], bench: Bench): Promise<void> {
  for (const side of sides) {
    const { wall, cpu } = await measure(side.build, measuring(bench));
    bench.progress(`(made ready: ${side.name}, ${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s)`);
  }
}

const measuring = ({ starting: { workspace } }: Bench): { directory: string; signal: AbortSignal } => ({
  directory: workspace.directory,
  signal: workspace.signal,
});
