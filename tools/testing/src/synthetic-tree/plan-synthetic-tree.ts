import { drawImports } from './imports.ts';
import { layOut } from './layout.ts';
import type { SyntheticTree, SyntheticTreeOptions } from './synthetic-tree.ts';

/** Decides modules, packages and imports; the text of the files follows from these and the seed. */
export function planSyntheticTree({ seed = 1, scale = 1 }: SyntheticTreeOptions = {}): SyntheticTree {
  const layout = layOut(String(seed), scale);
  const packages = drawImports(layout, String(seed));
  const used = new Set(packages.map((each) => each.module));
  return { seed: String(seed), scale, modules: layout.modules.filter((module) => used.has(module)), packages };
}
