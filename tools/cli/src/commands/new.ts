import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { targets } from '@slipway/catalog';
import { FailureError } from '@slipway/model';
import { type Checkout, type NewPart, newFiles, newParts } from '@slipway/scaffold';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/** Writes a component or staging module from the repository's templates, and adds its row to the lists. */
export async function newPart({ args, line, services, tree }: Asking): Promise<Answer> {
  const [part = '', name = '', ...more] = args;
  if (!isPart(part) || name === '' || more.length > 0)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'new needs a kind and a name',
      hint: 'slipway new component NAME, or slipway new staging NAME',
    });
  const { root, commands } = await tree();
  const taken = [...targets.map((target) => target.name), ...commands.map((command) => command.name)];
  const made = newFiles(part, name, checkoutAt(root), taken);
  if (!made.ok) throw new FailureError(made.failure);
  const paths = made.files.map(({ path }) => path);
  if (line.dryRun)
    return answer(
      paths.map((path) => `would write ${path}`),
      made.files,
    );
  for (const { path, text } of made.files) await services.files.writeFileWhole(join(root, path), text);
  return answer(
    paths.map((path) => `wrote ${path}`),
    { paths },
  );
}

const isPart = (word: string): word is NewPart => (newParts as readonly string[]).includes(word);

const checkoutAt = (root: string): Checkout => ({
  read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
  exists: (path) => existsSync(join(root, path)),
  filesBelow: (dir) =>
    globSync(`${dir}**/*`, { cwd: root, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .sort(),
});
