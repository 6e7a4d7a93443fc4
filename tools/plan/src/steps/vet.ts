import { relative } from 'node:path/posix';
import { type ExecStep, type Facts, HOLES, type StepId } from '@slipway/model';
import { goScratchDir, inTree } from '../names.ts';
import type { Planning } from '../planning.ts';
import { tagFlags, withGiven } from '../given-flags.ts';
import { givenGoVariables } from '../profile.ts';

/** Bytes: vet type-checks and does not link. */
const VET_MEMORY = 2 ** 30;

/** `go vet` of the named packages, or of each complete module; one call for each module. */
export function vetSteps(planning: Planning, words: readonly string[]): ExecStep[] {
  return [...packagesByModule(planning.facts, words)].map(([dir, packages]) => vetStep(planning, dir, packages));
}

function vetStep(
  { facts, names, goFlags, variables, place }: Planning,
  dir: string,
  packages: readonly string[],
): ExecStep {
  const id = `vet:${dir}` as StepId;
  const tags = tagFlags(facts.tree.invocations.cgo);
  return {
    kind: 'exec',
    place,
    id,
    title: `vet ${packages.length > 3 ? `${packages.length} packages` : packages.join(' ')} in ${dir}`,
    needs: [],
    after: [],
    outputs: [],
    pool: 'go',
    argv: [HOLES.go, 'vet', ...withGiven(tags, goFlags), ...packages],
    cwd: inTree(dir),
    env: { ...givenGoVariables({ facts, variables }), GOTMPDIR: HOLES.scratch, GOTOOLCHAIN: 'local' },
    unset: ['GOBIN'],
    scratch: goScratchDir(id, names, facts),
    memory: VET_MEMORY,
  };
}

function packagesByModule(facts: Facts, words: readonly string[]): Map<string, string[]> {
  if (words.length === 0) return new Map(facts.tree.modules.map((module) => [module.dir, ['./...']]));
  const byModule = new Map<string, string[]>();
  for (const word of words) {
    const resolved = facts.words.find((candidate) => candidate.word === word)?.commands ?? [];
    const below = patternIn(facts.tree.modules, word);
    const dir = below?.dir ?? resolved[0]?.moduleDir ?? '.';
    const isPattern = word.includes('...');
    const packages = isPattern || resolved.length === 0 ? [word] : resolved.map((command) => command.importPath);
    byModule.set(dir, [...(byModule.get(dir) ?? []), ...(below === undefined ? packages : [below.pattern])]);
  }
  return byModule;
}

/** `./dir/...` and `//dir/...` as patterns of the module that contains the directory; undefined for other words. */
function patternIn(modules: Facts['tree']['modules'], word: string): { dir: string; pattern: string } | undefined {
  const path = /^(?:\.|\/)\/(?:(.*)\/)?\.\.\.$/.exec(word);
  if (path === null) return undefined;
  const below = path[1] ?? '';
  const isIn = ({ dir }: { readonly dir: string }): boolean => dir === '.' || `${below}/`.startsWith(`${dir}/`);
  const [module] = modules.filter(isIn).sort((a, b) => b.dir.length - a.dir.length);
  if (module === undefined) return undefined;
  const own = relative(module.dir, below);
  return { dir: module.dir, pattern: own === '' ? './...' : `./${own}/...` };
}
