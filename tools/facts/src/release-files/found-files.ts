import { join } from 'node:path';
import { type ConfigRelease, type ReleaseTool, releaseFiles } from '@slipway/catalog';
import type { Tree } from '@slipway/model';
import type { Rooted } from '../disk.ts';

/** A file for another tool, relative to the root. */
export interface FoundFile {
  readonly tool: ReleaseTool;
  readonly file: string;
}

/** The files for other tools in a tree, in the order in which they count. */
export const findReleaseFiles = ({ root, disk }: Rooted): FoundFile[] =>
  (Object.keys(releaseFiles) as ReleaseTool[]).flatMap((tool) => {
    const file = releaseFiles[tool].names.find((name) => disk.isFile(join(root, name)));
    return file === undefined ? [] : [{ tool, file }];
  });

/** Archives have commands by their directories; their names are settled when the configuration was read. */
export const namedArchives = (
  release: ConfigRelease | undefined,
  { allTargets, commands }: Pick<Tree, 'allTargets' | 'commands'>,
): ConfigRelease => {
  const nameOf = (target: string): string[] =>
    allTargets.includes(target) ? commands.filter((command) => command.target === target).map(({ name }) => name) : [];
  const archives = release?.archives?.map((archive) =>
    archive.binaries === undefined ? archive : { ...archive, binaries: archive.binaries.flatMap(nameOf) },
  );
  const held = archives?.filter(({ binaries }) => binaries?.length !== 0);
  return { ...release, ...(held === undefined || held.length === 0 ? {} : { archives: held }) };
};
