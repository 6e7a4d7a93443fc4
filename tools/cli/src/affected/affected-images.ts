import type { Changes } from '@slipway/freshness';
import { type Plan, goBuildOf } from '@slipway/model';
import { planGoals } from '../commands/build.ts';
import type { Asking } from '../services.ts';
import { readCommands, settingsOf } from '../command-inputs.ts';
import { touchedCommands } from './affected-commands.ts';
import type { MadeOf } from './unseen.ts';

export interface AffectedImage {
  /** `registry/name:tag` */
  readonly names: readonly string[];
  readonly platform: string;
}

/** The images of a release that contain a changed file or command. */
export async function affectedImages(
  asking: Asking,
  changes: Changes,
): Promise<{ images: AffectedImage[]; commands: readonly MadeOf[] }> {
  const release = asking.again({ words: ['release-images'] });
  const { tree, commands } = await readCommands(release);
  const inputs = { commands: commands.map((each) => each.inputs), settings: settingsOf(tree, asking.services.disk) };
  const names = touchedCommands(inputs, changes).map(({ name, platform }) => `${name} ${platform}`);
  const { plan } = await planGoals(release);
  const touched = touchedFiles(plan, new Set(names), changes);
  const isTouched = (file: string): boolean =>
    touched.has(file) || changes.below.some((dir) => file.startsWith(`${dir}/`));
  const images = plan.steps.flatMap((step) =>
    step.kind === 'image' && step.layers.flat().some((entry) => 'file' in entry && isTouched(entry.file))
      ? [{ names: step.names, platform: step.platform }]
      : [],
  );
  return { images, commands };
}

/** The changed files, the outputs of Go for changed commands, and what later steps make of both. */
function touchedFiles({ steps }: Plan, commands: ReadonlySet<string>, { files }: Changes): Set<string> {
  const touched = new Set(files);
  for (const step of steps) {
    if (step.kind === 'exec')
      for (const { name, outputs } of step.actions ?? [])
        if (commands.has(`${name} ${goBuildOf(step)?.platform}`)) for (const output of outputs) touched.add(output);
    if (step.kind === 'copy') for (const { from, to } of step.files) if (touched.has(from)) touched.add(to);
  }
  return touched;
}
