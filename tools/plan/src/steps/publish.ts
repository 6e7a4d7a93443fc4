import { join } from 'node:path/posix';
import type { CopyStep, StepId } from '@slipway/model';
import { binaryName, publishedDir } from '../names.ts';
import type { Planning } from '../planning.ts';
import { type GoBuildGroup, goOutputs } from './go-group.ts';

/** Copies the binaries of a group to the users' directory: `_output/local/bin/<os>/<arch>`. */
export function publishStep(group: GoBuildGroup, build: StepId, planning: Planning): CopyStep {
  const { names, facts } = planning;
  const dir = publishedDir(names, group.platform);
  const files = goOutputs(group, names, facts.machine.platform).map(({ command, path }) => ({
    from: path,
    to: join(dir, binaryName(command, group.platform)),
  }));
  return {
    kind: 'copy',
    id: build.replace(/^go-build/, 'publish') as StepId,
    title: `publish ${files.length === 1 ? files[0]!.to : `${files.length} files to ${dir}`}`,
    needs: [build],
    after: [],
    outputs: files.map(({ to }) => to),
    pool: 'io',
    files,
  };
}
