import type { Promised } from './statistics.ts';

/** The preparation of each run: a change of the tree, or of what earlier runs left. */
export type Before = 'empty' | 'clone' | 'edit-leaf' | 'edit-wide' | 'touch' | 'nothing';

export interface Case {
  readonly name: string;
  readonly summary: string;
  /** The command of slipway: build, print the plan, restore deleted files, package what is built, or test. */
  readonly does: 'build' | 'plan' | 'restore' | 'package' | 'test';
  readonly before: Before;
  readonly promised: Promised;
}

/** The measured cases, in this order: a cold build leaves both sides warm for later cases. */
export const cases = [
  {
    name: 'cold',
    summary: 'all commands, empty Go cache and output directory',
    does: 'build',
    before: 'empty',
    promised: { cpuRatio: 1.05, wallDifference: 1 },
  },
  {
    name: 'leaf',
    summary: 'all, after an edit in a package that few others need',
    does: 'build',
    before: 'edit-leaf',
    promised: { cpuRatio: 1.05, wallDifference: 1 },
  },
  {
    name: 'wide',
    summary: 'all, after an edit in the package that most others import',
    does: 'build',
    before: 'edit-wide',
    promised: { cpuRatio: 1.05, wallDifference: 1 },
  },
  { name: 'plan', summary: 'slipway -n all', does: 'plan', before: 'nothing', promised: { wall: 1 } },
  { name: 'unchanged', summary: 'all, again', does: 'build', before: 'nothing', promised: { wall: 0.2 } },
  {
    name: 'touched',
    summary: 'all, after touch of every file',
    does: 'build',
    before: 'touch',
    promised: { wall: 0.6 },
  },
  {
    name: 'deleted',
    summary: 'all, after all binaries were deleted, those of Go too',
    does: 'restore',
    before: 'empty',
    promised: { wallRatio: 2 },
  },
  {
    name: 'package',
    summary: 'package-tarballs for this platform, of binaries that are there',
    does: 'package',
    before: 'empty',
    promised: { wallRatio: 0.5, memory: 2 ** 30 },
  },
  {
    name: 'test',
    summary: 'test of packages all over the tree, empty caches',
    does: 'test',
    before: 'empty',
    promised: { cpuRatio: 1.05, wallRatio: 1 },
  },
  { name: 'test-again', summary: 'the same, again', does: 'test', before: 'nothing', promised: { wall: 0.5 } },
  {
    name: 'test-edited',
    summary: 'the same, after an edit in a package that few others need',
    does: 'test',
    before: 'edit-leaf',
    promised: { wallRatio: 1 },
  },
  {
    name: 'test-clone',
    summary: 'the same, in a fresh clone',
    does: 'test',
    before: 'clone',
    promised: { wallRatio: 0.5 },
  },
] as const satisfies readonly Case[];

export type CaseName = (typeof cases)[number]['name'];

/** The case with this name, or all cases whose names begin with it. */
export const casesNamed = (text: string): CaseName[] =>
  cases.map(({ name }) => name).filter((name) => name === text || name.startsWith(`${text}-`));
