import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Side, Starting } from './sides.ts';

/** Slipway restores deleted files from its store, and cp copies the files that slipway had published. */
export function restoringSides({ workspace, tree, environment }: Starting, slipway: Side): readonly Side[] {
  const [original, copy] = [workspace.path('published'), workspace.path('published-again')];
  cpSync(join(slipway.output, 'local/bin'), original, { recursive: true });
  return [
    {
      ...slipway,
      empty() {
        for (const name of ['local/bin', 'local/go/bin'])
          rmSync(join(slipway.output, name), { recursive: true, force: true });
      },
    },
    {
      name: 'byHand',
      output: copy,
      build: { argv: ['cp', '-r', original, copy], cwd: tree, env: environment },
      empty: () => rmSync(copy, { recursive: true, force: true }),
    },
  ];
}
