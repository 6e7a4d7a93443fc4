import type { Tree } from '@nx/devkit';
import { failureMessage } from '@slipway/model';
import { type Checkout, type NewPart, newFiles } from '@slipway/scaffold';

interface Options {
  readonly name: string;
}

/** `nx generate @slipway/nx-plugin:component NAME`: the same files as `slipway new component NAME`. */
export const component = (tree: Tree, { name }: Options): void => generate(tree, 'component', name);

/** `nx generate @slipway/nx-plugin:staging NAME`: the same files as `slipway new staging NAME`. */
export const staging = (tree: Tree, { name }: Options): void => generate(tree, 'staging', name);

function generate(tree: Tree, part: NewPart, name: string): void {
  const made = newFiles(part, name, checkoutOf(tree), []);
  if (!made.ok) throw new Error(failureMessage(made.failure));
  for (const { path, text } of made.files) tree.write(path, text);
}

const checkoutOf = (tree: Tree): Checkout => ({
  read: (path) => tree.read(path, 'utf8') ?? undefined,
  exists: (path) => tree.exists(path),
  filesBelow: (dir) => filesBelow(tree, dir.replace(/\/$/, '')).sort(),
});

const filesBelow = (tree: Tree, dir: string): string[] =>
  tree.children(dir).flatMap((name) => {
    const path = `${dir}/${name}`;
    return tree.isFile(path) ? [path] : filesBelow(tree, path);
  });
