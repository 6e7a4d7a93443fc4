import { dirname, relative } from 'node:path/posix';
import { type Action, closureInput } from '@slipway/model';
import { explainDifference } from './explain.ts';
import type { Identity } from './identity.ts';
import { findLastKnown, whereAndWhen } from './last-known-key.ts';
import { pathOf } from './output-file.ts';
import type { CheckOptions } from './port.ts';

/** Why an action with a key is not up to date, in one sentence. */
export async function whyStale(identity: Identity, options: CheckOptions): Promise<string> {
  const { action, key, outputs } = identity;
  const { states, index, root } = options;
  const before = states.get(action.id);
  const gone = outputs.find((path) => index.digest(path) === 'absent');
  const difference = await differenceOf(identity, options);
  if (gone !== undefined) {
    const what = outputs.length === 1 ? 'its output' : relative(root, gone);
    return `${what} is ${before?.key === key ? 'gone' : 'missing'}${difference === '' ? '' : `; ${difference}`}`;
  }
  if (before?.key === key) return 'another program changed its output';
  return difference === '' ? 'it was never made here' : difference;
}

/** The difference from the last run here, else from the newest record in the store; empty if neither is known. */
async function differenceOf({ action, parts, closure, reads }: Identity, options: CheckOptions): Promise<string> {
  const { states, index, root, store } = options;
  const here = states.partsOf(action.id);
  const elsewhere =
    here === undefined && closureInput(action) !== undefined ? await findLastKnown(parts, store) : undefined;
  const before = here ?? elsewhere?.parts;
  if (before === undefined) return '';
  const learned = new Set(index.newContent());
  const packages = new Map((closure?.packages ?? []).map((each) => [each.importPath, each]));
  const difference = explainDifference(before, parts, (place) => {
    // For another machine the changed files are unknown.
    if (here === undefined) return undefined;
    const each = packages.get(place);
    const own = each?.files.map((file) => `${each.dir}/${file}`) ?? filesIn(place, action, root);
    const path = [...own, ...(reads?.compiling.get(place)?.files.values() ?? [])].find((file) => learned.has(file));
    return path?.startsWith(`${root}/`) === true ? path.slice(root.length + 1) : path;
  });
  if (elsewhere === undefined) return difference;
  return difference === '' ? '' : `unlike the one of ${whereAndWhen(elsewhere)}: ${difference}`;
}

/** Inputs in a directory. */
const filesIn = (directory: string, { inputs }: Action, root: string): string[] =>
  inputs.flatMap((input) =>
    input.kind === 'files'
      ? input.paths.filter((path) => dirname(path) === directory).map((path) => pathOf(root, path))
      : [],
  );
