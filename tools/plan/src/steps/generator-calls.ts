import { join } from 'node:path/posix';
import { type Generator, generatedFilesMakefile, generators } from '@slipway/catalog';
import type { Embedding, GeneratorFacts, GeneratorName, Tree } from '@slipway/model';

/** One run of a generator. */
export interface GeneratorCall {
  /** Distinguishes several runs of one generator. */
  readonly of: string;
  /** Without the program and without places. `SCRATCH` stands for the directory that it may write to. */
  readonly args: readonly string[];
  /** Relative to the root; in addition to the inputs of the packages. */
  readonly inputs: readonly string[];
  /** `from` is relative to the scratch directory, `to` to the root. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  /** A report that must equal the known one. */
  readonly equal?: { readonly made: string; readonly known: string };
  readonly formats: boolean;
}

/** Placeholder for the scratch directory. */
export const SCRATCH = '@SCRATCH@';

interface Calling {
  readonly tree: Tree;
  readonly embeddings: readonly Embedding[];
}

type Calls = (facts: GeneratorFacts, calling: Calling) => GeneratorCall[];

const { header, openapi, conversionPeers, boundingDirectories } = generatedFilesMakefile;

/** The calls of Makefile.generated_files, with another output directory. */
const calls: Readonly<Record<GeneratorName, Calls>> = {
  'prerelease-lifecycle': (facts) => perPackage(facts, []),
  register: (facts) => perPackage(facts, []),
  deepcopy: (facts, { tree }) => perPackage(facts, ['--bounding-dirs', listed(tree, boundingDirectories)]),
  defaulter: (facts) =>
    perPackage(facts, ['--extra-peer-dirs', facts.packages.map(({ importPath }) => importPath).join(',')]),
  conversion: (facts, { tree }) => perPackage(facts, ['--extra-peer-dirs', listed(tree, conversionPeers)]),
  openapi: (facts, { tree }) =>
    openapi
      .filter(({ violations }) => violations === undefined || facts.packages.length > 0)
      .map(({ package: dir, of, violations }): GeneratorCall => {
        const importPath = `${tree.goPackage}/${dir}`;
        const file = rowOf('openapi').file;
        const report = 'violations.report';
        return {
          of: dir,
          args: [
            ...['-i', (of ?? facts.packages.map((each) => each.importPath)).join(',')],
            ...['-p', importPath, '-O', file.replace(/\.go$/, ''), '-h', header],
            ...['-r', `${SCRATCH}/${report}`, '--logtostderr', '--output-base', SCRATCH],
          ],
          inputs: [header, ...(violations === undefined ? [] : [violations])],
          files: [{ from: join(importPath, file), to: join(dir, file) }],
          ...(violations === undefined ? {} : { equal: { made: report, known: violations } }),
          formats: false,
        };
      }),
  bindata: (_facts, { embeddings }) =>
    embeddings.map(({ output, args, inputs }) => ({
      of: output,
      args: ['-o', `${SCRATCH}/bindata.go`, ...args],
      inputs,
      files: [{ from: 'bindata.go', to: output }],
      formats: true,
    })),
};

export const generatorCalls: Calls = (facts, calling) => calls[facts.name](facts, calling);

const rowOf = (name: GeneratorName): Generator => generators.find((row) => row.name === name)!;

/** Replaces `@` by the tree's own import path. */
const listed = ({ goPackage }: Tree, paths: readonly string[]): string =>
  paths.map((path) => path.replace(/^@/, goPackage)).join(',');

/**
 * All packages in one run, so that shared packages are parsed once. A vendored package keeps its own name in the
 * output.
 */
function perPackage({ name, packages }: GeneratorFacts, args: readonly string[]): GeneratorCall[] {
  if (packages.length === 0) return [];
  const { file } = rowOf(name);
  const paths = packages.map(({ importPath }) => importPath);
  return [
    {
      of: '',
      args: [
        ...['-i', paths.join(','), ...args, '-O', file.replace(/\.go$/, '')],
        ...['--logtostderr', '--output-base', SCRATCH],
      ],
      inputs: [header],
      files: packages.map(({ dir, importPath }) => ({
        from: join(importPath.replace(/^.*\/vendor\//, ''), file),
        to: join(dir, file),
      })),
      formats: false,
    },
  ];
}

/** With gengo/v2 a generator writes beside its inputs and finds packages as Go does, so it works on a copy of them. */
export function moduleCalls({ name, packages }: GeneratorFacts): GeneratorCall[] {
  if (packages.length === 0) return [];
  const { file } = rowOf(name);
  return [
    {
      of: '',
      args: ['--output-file', file, ...packages.map(({ importPath }) => importPath)],
      inputs: [],
      files: packages.map(({ dir }) => ({ from: join(dir, file), to: join(dir, file) })),
      formats: false,
    },
  ];
}
