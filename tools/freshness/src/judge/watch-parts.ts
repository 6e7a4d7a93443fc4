import type { ExecStep, GoCall } from '@slipway/model';
import { type Watched, suspectOf, watchGo } from './compiled.ts';
import type { JudgeParts } from './judge.ts';
import type { Behind } from './moved.ts';
import { type KeyParts, LINKED } from './key.ts';
import { NO_KEY, removeStrange } from './output-file.ts';
import { questionOf } from './question.ts';
import { nativeQuestion, packagesWithC } from './reads.ts';

/** A command that Go is called for. */
interface Called extends Behind {
  /** By which its output is remembered. */
  readonly name: string;
  /** Of its output, absolute. */
  readonly path: string | undefined;
  readonly parts: KeyParts;
}

/** How Go is called for commands with these closures. What it linked before is not taken for done where C is in it. */
export async function watchParts(step: ExecStep, keys: readonly Called[], judging: JudgeParts): Promise<GoCall> {
  const { index, native, compiled } = judging;
  const question = nativeQuestion(step.go!, questionOf(step, step.go!, judging));
  const suspects = new Map<string, Watched>();
  const outputs = Map.groupBy(keys, ({ closure }) => closure.root);
  for (const { closure } of keys) {
    for (const one of packagesWithC(closure)) {
      const isLibrary = closure.library.some((other) => other === one);
      const linking = isLibrary
        ? undefined
        : await native.linking(
            { root: `${one.importPath} alone`, packages: closure.packages.filter((each) => each === one), library: [] },
            question,
          );
      const inputs = [await native.compiling(one, question), linking].filter((each) => each !== undefined);
      const suspect = suspectOf(one.importPath, inputs, { index, isLibrary });
      const own = (outputs.get(one.importPath) ?? []).flatMap(({ path }) => path ?? []);
      if (suspect !== undefined) suspects.set(one.importPath, { ...suspect, outputs: own });
    }
  }
  if (step.inside === undefined)
    for (const each of keys) if (isLinkedAgain(each, judging)) await removeStrange(each.path!, index);
  return watchGo({ step, suspects: [...suspects.values()], question, index, compiled });
}

/** Go knows nothing of what another linker reads, and takes for done what was linked with other libraries. */
function isLinkedAgain({ name, path, parts, reads }: Called, { states }: JudgeParts): boolean {
  if (path === undefined || (reads.problem === undefined && reads.linking?.isExternal !== true)) return false;
  const isKnown = reads.problem === undefined && states.get(name)?.key !== NO_KEY;
  return !isKnown || states.partsOf(name)?.[LINKED] !== parts[LINKED];
}
