import { counted } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { treeRoot } from '../tree-root.ts';
import { trustTree } from '../tree-code.ts';
import type { Asking } from '../services.ts';

/** Records all files of the tree that slipway would run. After a change of one of them slipway asks again. */
export async function trust({ services }: Asking): Promise<Answer> {
  const root = treeRoot(services.cwd, services.environment);
  const { file, paths } = trustTree(root, services.environment);
  return answer([`trusted ${counted(paths.length, 'file')} of ${root}: noted in ${file}`], {
    root,
    file,
    paths,
  });
}
