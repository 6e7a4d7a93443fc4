import { hash } from 'node:crypto';
import { type PlanNote, type TestChoice, type TestPackage, counted } from '@slipway/model';

/** The flags of `go test`. */
export const choiceFlags = ({ run, skip, runs }: TestChoice = {}): string[] => [
  ...(run === undefined ? [] : [`-run=${run}`]),
  ...(skip === undefined ? [] : [`-skip=${skip}`]),
  ...(runs === undefined ? [] : [`-count=${runs}`]),
];

/**
 * The import path alone decides a package's shard, so it is the same on every machine and new packages move none. An
 * empty choice is not a failure, but gets a note.
 */
export function choosePackages(
  packages: readonly TestPackage[],
  { only = [], shard }: TestChoice = {},
): { readonly chosen: readonly TestPackage[]; readonly notes: readonly PlanNote[] } {
  const notes: PlanNote[] = [];
  let among = packages;
  for (const { packages: wanted, words } of only) {
    const before = counted(among.length, 'package');
    among = among.filter(({ importPath, dir }) => wanted.includes(importPath) || wanted.includes(`./${dir}`));
    notes.push({ what: words, why: `${among.length} of ${before}` });
  }
  const chosen = among.filter(({ importPath }) => shard === undefined || shardOf(importPath, shard.of) === shard.nth);
  if (shard !== undefined)
    notes.push({
      what: `shard ${shard.nth} of ${shard.of}`,
      why: `${chosen.length} of ${counted(among.length, 'package')}`,
    });
  return { chosen, notes };
}

const shardOf = (importPath: string, of: number): number =>
  (Number.parseInt(hash('sha256', importPath).slice(0, 8), 16) % of) + 1;
