import type { Plan } from '@slipway/model';
import { planGoals } from '../commands/build.ts';
import type { Asking } from '../world.ts';
import { affectedCommands } from './affected-commands.ts';

export interface AffectedImage {
  /** `registry/name:tag` */
  readonly names: readonly string[];
  readonly platform: string;
}

/** The images of a release that hold something a change of these files, relative to the root, changes. */
export async function affectedImages(asking: Asking, files: readonly string[]): Promise<AffectedImage[]> {
  const release = asking.again({ words: ['release-images'] });
  const commands = new Set((await affectedCommands(release, files)).map(({ name, platform }) => `${name} ${platform}`));
  const { plan } = await planGoals(release);
  const touched = touchedFiles(plan, commands, files);
  return plan.steps.flatMap((step) =>
    step.kind === 'image' && step.layers.flat().some((entry) => 'file' in entry && touched.has(entry.file))
      ? [{ names: step.names, platform: step.platform }]
      : [],
  );
}

/** The changed files, and what Go and the steps that publish it make of them. */
function touchedFiles({ steps }: Plan, commands: ReadonlySet<string>, files: readonly string[]): Set<string> {
  const touched = new Set(files);
  for (const step of steps) {
    if (step.kind === 'exec')
      for (const { name, output } of step.go?.parts ?? [])
        if (output !== undefined && commands.has(`${name} ${step.go!.platform}`)) touched.add(output);
    if (step.kind === 'copy') for (const { from, to } of step.files) if (touched.has(from)) touched.add(to);
  }
  return touched;
}
