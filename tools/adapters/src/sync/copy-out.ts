import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FailureError, isLostName } from '@slipway/model';
import type { ContainerEngine } from '../docker/port.ts';
import { checkPlaces } from '../files/check-places.ts';
import type { Seal } from '../files/seal.ts';
import { executed } from './executed.ts';
import { parseFound } from './list-container.ts';
import { readManifest, markClean, writeManifest } from './manifest.ts';
import { markOf } from './mark.ts';
import type { CopyOutRequest } from './port.ts';
import { receiveFiles } from './receive-files.ts';

/**
 * Asks the container once what changed below the directory since the last sync, and copies the wanted files. If only
 * outputs changed, the next sync need not check the directory.
 */
export async function copyOut(request: CopyOutRequest, engine: ContainerEngine, seal: Seal): Promise<string[]> {
  const { root, from, directories, container, user, signal, manifest } = request;
  const known = readManifest(manifest, seal);
  if (known === undefined) return [];
  const mark = markOf(from, known.generation);
  const changed = await executed({ container, user, signal, argv: changedSince(request, mark) }, engine);
  // Without its mark this is another volume, and nothing of this sync was made in it.
  if (changed.exit !== 0 && !(await engine.hasFile(container, mark))) return [];
  if (changed.exit !== 0)
    throw new FailureError({
      code: 'SYNC_FAILED',
      fact: `find in ${container} ended with ${changed.exit}: ${changed.stderr.trim()}`,
      hint: 'run it again; slipway make-clean gives the tree a new volume',
    });
  const found = [...parseFound(changed.stdout)];
  const isOutput = (path: string): boolean => directories.some((each) => path.startsWith(`${each}/`));
  const inTree = found.filter(([path]) => !path.startsWith('_output'));
  const named = new RegExp(`(?:^|/)(?:${request.names.map(patternOf).join('|')})$`);
  const wanted = found
    .filter(([path, entry]) => entry.kind === 'file' && (isOutput(path) || named.test(path)))
    .filter(([path, entry]) => isNews(join(root, path), entry));
  const paths = wanted.map(([path]) => path);
  await checkReceived(request, paths);
  const files = paths.map((path) => ({ from: `${from}/${path}`, to: join(root, path) }));
  await receiveFiles({ container, user, signal, files }, engine);
  // A file that came back belongs to the tree. If it is removed here, the next sync removes it there.
  const ours = wanted.filter(([path]) => !isOutput(path));
  if (ours.length > 0)
    writeManifest(manifest, { ...known, digest: undefined, entries: new Map([...known.entries, ...ours]) }, seal);
  if (inTree.length === 0) markClean(manifest);
  return paths;
}

/** A container chooses the names. The start of the run has already checked the way to the results. */
async function checkReceived({ root, directories }: CopyOutRequest, paths: readonly string[]): Promise<void> {
  const lost = paths.find(isLostName);
  if (lost !== undefined) throw new FailureError({ code: 'BAD_NAME', path: lost, why: 'it cannot be brought here' });
  const resultOf = (path: string): string | undefined => directories.find((each) => path.startsWith(`${each}/`));
  for (const [result, received] of Map.groupBy(paths, resultOf))
    await checkPlaces(
      received.map((path) => dirname(join(root, path))),
      { root, output: join(root, result ?? directories[0]!), isTracked: async () => false },
    );
}

/**
 * Finds everything below the results, and elsewhere everything that was written or renamed since the mark, and
 * directories from which something was removed. These have a new time of status change, which no program can set back.
 */
function changedSince({ from, directories }: CopyOutRequest, mark: string): string[] {
  const results = directories.flatMap((each) => ['-path', `${from}/${each}/*`, '-o']);
  const fields = ['-printf', '%P\\0%y\\0%m\\0%s\\0%T@\\0%l\\0'];
  return ['find', from, '(', ...results, '-cnewer', mark, ')', ...fields];
}

const patternOf = (name: string): string => name.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');

/** Reports whether a file differs from the one here, by size and by the second. */
function isNews(path: string, { size, modified }: { size: number; modified: number }): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined || stat.size !== size || Math.floor(stat.mtimeMs / 1000) !== Math.floor(modified / 1000);
}
