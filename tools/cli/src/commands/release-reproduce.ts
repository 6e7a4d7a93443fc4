import { join } from 'node:path';
import {
  type Recorded,
  type ArtifactResult,
  compareImages,
  compareSets,
  formatFile,
  openSet,
  readProvenance,
  statementOf,
  verifyPublished,
} from '@slipway/inspect';
import { FailureError } from '@slipway/model';
import { absolute, compressedWith, outputNames, quote } from '@slipway/plan';
import { type Answer, answer } from '../answer.ts';
import { progressReporter } from '../report/progress.ts';
import type { Asking } from '../services.ts';
import type { Planned } from '../planned.ts';
import { performPlan, planGoals, showPlan } from './build.ts';
import { isWrong, verified } from './release-verify.ts';

/** A statement that the person who rebuilt can sign: `release sign FILE KEY`. */
const STATEMENT = 'reproduction.json';

/**
 * Builds a published set again, from this tree and with the settings in its provenance, and compares every artifact. It
 * reuses no earlier results and does not change the tree's own.
 */
export async function releaseReproduce(asking: Asking): Promise<Answer> {
  const { services, line } = asking;
  const [given, more] = asking.args;
  if (given === undefined || more !== undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release reproduce needs the directory or address of a published set',
      hint: 'slipway release reproduce DIR|URL, in the source it was made of',
    });
  await using set = await openSet(given, services);
  const published = set.path;
  const findings = await verifyPublished(published, { signal: services.signal });
  if (findings.some(isWrong)) return verified(published, findings);
  const { statement, recorded, digest } = await readProvenance(published, given);
  const outDir = join(outputNames(line.variables).root, 'reproduce');
  const variables = { ...recorded.variables, ...line.variables, OUT_DIR: outDir };
  const building = asking.again({
    ...{
      words: ['release-skip-tests'],
      profile: recorded.profile,
      variables,
      always: true,
      report: false,
      withoutDocker: true,
    },
  });
  const planned = await planGoals(building);
  requireCommit(recorded, planned, published);
  if (line.dryRun) return showPlan(building);
  {
    using reporter = progressReporter(services.progress);
    await performPlan(planned, building, reporter);
  }
  const rebuilt = absolute(planned.plan.root, planned.names.releaseTars);
  const made = await readProvenance(rebuilt);
  const files = await compareSets(statement, { published, rebuilt }, services.signal);
  const results = [...files, ...compareImages(statement, made.statement)];
  const { plan, facts } = planned;
  const said = statementOf(results, { provenance: digest, plan, facts, variables });
  const path = join(absolute(planned.plan.root, planned.names.root), STATEMENT);
  await services.files.writeFileWhole(path, `${JSON.stringify(said, undefined, 1)}\n`);
  const notes = [
    ...notesOf(recorded, line.variables),
    ...formNote(recorded, made.recorded),
    ...compressorNote(recorded, services.archives.compressor(compressedWith(planned.facts.tree, variables))),
  ];
  const lines = [...notes, ...formatResults(results), `${path} says so: slipway release sign ${quote(path)} KEY`];
  const same = results.every(({ is }) => is === 'identical');
  return answer(lines, { statement: path, results, notes }, same ? 'done' : 'verification');
}

/** A different commit gives a different set. The provenance names the commit. */
function requireCommit({ commit }: Recorded, { facts }: Planned, published: string): void {
  if (commit === undefined || commit === facts.git.commit) return;
  throw new FailureError({
    code: 'UNSUPPORTED_TREE',
    fact: `the set was made of commit ${commit}, and this tree is at ${facts.git.commit ?? 'none'}`,
    hint: `git worktree add --detach ../rebuild ${commit}; slipway -C ../rebuild release reproduce ${quote(published)}`,
  });
}

const notesOf = ({ clean, commit, leftOut }: Recorded, own: Asking['line']['variables']): string[] => [
  ...(commit === undefined ? ['note    the provenance names no commit: this tree may be another source'] : []),
  ...(clean
    ? []
    : ['note    the provenance names no clean commit: the tree had other changes, and they are not recorded']),
  ...Object.entries(leftOut)
    .filter(([name]) => own[name] === undefined)
    .map(
      ([name, value]) =>
        `note    ${name}=${JSON.stringify(value)} was set and is not repeated, as it can run programs; say it yourself`,
    ),
];

/** Sets of earlier versions of slipway contain fewer statements. */
const formNote = ({ form }: Recorded, { form: own }: Recorded): string[] =>
  form === own
    ? []
    : [
        `note    made as ${form ?? 'an unknown form'}, here as ${own}: since release/v2 images have labels and annotations of their source, bills name suppliers, licences and images, and the source is packed with the modes of all else; this alone may cause differences`,
      ];

const compressorNote = ({ compressor }: Recorded, own: string): string[] =>
  compressor === undefined || compressor === own
    ? []
    : [
        `note    compressed by ${JSON.stringify(compressor)}, here by ${JSON.stringify(own)}: archives may differ by that alone`,
      ];

function formatResults(results: readonly ArtifactResult[]): string[] {
  const names = { a: 'published', b: 'rebuilt' };
  const lines = results.flatMap(({ name, is, causes, comparison }) =>
    is === 'identical'
      ? [`identical  ${name}`]
      : [
          `${is === 'different' ? 'DIFFERENT' : 'MISSING'}  ${name}: ${causes.join('; ')}`,
          ...(comparison === undefined ? [] : formatFile(comparison, names).slice(1)),
        ],
  );
  const same = results.filter(({ is }) => is === 'identical').length;
  return [
    ...lines,
    `${same === results.length ? `all ${same}` : `${same} of ${results.length}`} artifacts are identical`,
  ];
}
