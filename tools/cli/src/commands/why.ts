import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { nearest } from '@slipway/catalog';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { knownChecks } from '../checks/known-checks.ts';
import type { GoCommand } from '../go-commands.ts';
import { type CommandGraph, readGraphs } from '../graphs.ts';
import { packageWord } from '../package-word.ts';
import type { Asking } from '../services.ts';
import { planGoals } from './build.ts';

/** For each command (or those of WHAT), prints the shortest import chain to a package, its directory or a file. */
export async function why(asking: Asking): Promise<Answer> {
  const [word, more] = asking.args;
  if (word === undefined || more !== undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'why needs one package or file',
      hint: 'slipway why pkg/kubelet/kubelet.go WHAT=cmd/kubelet',
    });
  const { root } = await asking.tree();
  const script = scriptOf(word, root);
  if (script !== undefined) return whyScript(script, asking);
  const graphs = await readGraphs(asking.again({ words: [] }));
  const { path, name: target } = packageWord(word, { root, cwd: asking.services.cwd });
  const chains = [];
  for (const each of graphs) {
    const { commands, graph, query } = each;
    const inDirectory = graph.packages.find(({ dir }) => dir === path)?.importPath;
    for (const part of commands) {
      const chain =
        graph.why(part, inDirectory ?? target) ?? graph.why(part, path) ?? (await throughReads(path, part, each));
      if (chain !== undefined) chains.push({ command: part.name, platform: query.platform, chain });
    }
  }
  if (chains.length === 0 && !existsSync(path) && !isOfAnotherModule(target)) {
    const known = graphs.flatMap(({ graph }) => graph.packages.map(({ dir }) => relative(asking.services.cwd, dir)));
    const meant = nearest(target, known);
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `no file, directory or imported package is called ${target} (slipway does not search Go's standard library)`,
      hint: meant === undefined ? 'slipway query //... names the packages of this tree' : `did you mean ${meant}?`,
    });
  }
  if (chains.length === 0)
    return answer([`no command depends on ${target} (Go's standard library is not looked at)`], chains);
  return answer(
    chains.flatMap(({ command, platform, chain }) => [
      `${command} (${platform})`,
      ...chain.map((each, depth) => `${'  '.repeat(depth + 1)}${each}`),
    ]),
    chains,
  );
}

/** The chain to a file that a C compiler, an assembler or a flag of Go reads. */
async function throughReads(
  path: string,
  part: GoCommand,
  { graph, readsOf }: CommandGraph,
): Promise<readonly string[] | undefined> {
  const { compiling, flagFiles } = await readsOf(part);
  const flag = [...flagFiles.files].find(([, file]) => file === path)?.[0];
  if (flag !== undefined) return [part.importPath, flag];
  const reader = [...compiling].find(([, { files }]) => [...files.values()].includes(path))?.[0];
  if (reader === undefined) return undefined;
  return [...(graph.why(part, reader) ?? [part.importPath, reader]), `#include of ${path}`];
}

/** `golang.org/x/net`. For such a word "nothing imports it" is an answer, even if the package is unknown. */
const isOfAnotherModule = (word: string): boolean => /^[\w-]+(\.[\w-]+)+\//.test(word);

interface Script {
  readonly kind: string;
  readonly name: string;
}

/** `verify-boilerplate`, if the tree has such a script. */
function scriptOf(word: string, root: string): Script | undefined {
  const [, kind, name] = /^(verify|update)-([\w.-]+)$/.exec(word) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  return ['sh', 'py', 'ts'].some((end) => existsSync(join(root, 'hack', `${word}.${end}`)))
    ? { kind, name }
    : undefined;
}

/** Why it would run now, or that it would not. */
async function whyScript({ kind, name }: Script, asking: Asking): Promise<Answer> {
  const other = asking.again({ words: [kind], variables: { ...asking.line.variables, WHAT: name } });
  const known = await knownChecks(await planGoals(other), other);
  return answer(
    known.map(({ is, why: reason }) => `${kind}-${name} ${is === 'fresh' ? 'does not run' : 'runs'}: ${reason}`),
    known,
  );
}
