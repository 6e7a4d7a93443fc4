import type { Command, Failure } from '@slipway/model';

/** Commands in one directory or archive that would overwrite each other: one failure for each name. */
export function nameClashes(lists: Iterable<readonly Command[]>): Failure[] {
  const clashes = new Map<string, Failure>();
  for (const commands of lists) {
    const files = commands.filter(({ kind }) => kind !== 'library');
    for (const [name, same] of Map.groupBy(files, (command) => command.name)) {
      const targets = [...new Map(same.map(({ importPath, target }) => [importPath, target])).values()];
      if (targets.length > 1) clashes.set(`${name} ${targets.join(' ')}`, { code: 'NAME_TAKEN', name, targets });
    }
  }
  return [...clashes.values()];
}
