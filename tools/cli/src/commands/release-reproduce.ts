import { hash } from 'node:crypto';
import { join } from 'node:path';
import { type ForeignBytes, type Statement, parseStatement, readForeign } from '@slipway/adapters';
import { FailureError, limits } from '@slipway/model';
import { absolute, compressionFormat, outputNames, quote } from '@slipway/plan';
import { type Answer, answer } from '../answer.ts';
import { formatFile } from '../compare/index.ts';
import { type Recorded, readRecorded } from '../release/recorded.ts';
import { openSet } from '../release/open-set.ts';
import { type Verdict, compareSets } from '../release/compare-sets.ts';
import { progressReporter } from '../report/progress.ts';
import type { Asking } from '../world.ts';
import { type Planned, performPlan, planGoals, showPlan } from './build.ts';
import { PROVENANCE } from '../release/set-files.ts';
import { releaseVerify } from './release-verify.ts';

/** What the person who rebuilt can sign: `release sign FILE KEY`. */
const STATEMENT = 'reproduction.json';
export const REPRODUCTION = 'https://slipway.example/reproduction/v1';

/**
 * Builds a published set again, from this tree and as its provenance says it was made, and compares every artifact. Nothing is taken
 * from what was built before, and the tree's own results stay as they are.
 */
export async function releaseReproduce(asking: Asking): Promise<Answer> {
  const { world, line } = asking;
  const [given, more] = asking.args;
  if (given === undefined || more !== undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release reproduce wants the directory or address of a published set',
      hint: 'slipway release reproduce DIR|URL, in the source it was made of',
    });
  await using set = await openSet(given, world);
  const published = set.path;
  const checked = await releaseVerify({ ...asking, args: [published] });
  if (checked.exit !== 'done') return checked;
  const read = await readForeign(join(published, PROVENANCE), limits.statement.bytes);
  const { statement, recorded } = readProvenance(read, given);
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
    using reporter = progressReporter(world.progress);
    await performPlan(planned, building, reporter);
  }
  const rebuilt = absolute(planned.plan.root, planned.names.releaseTars);
  const verdicts = await compareSets(statement, { published, rebuilt }, world.signal);
  const said = statementOf(verdicts, {
    provenance: hash('sha256', 'bytes' in read ? read.bytes : ''),
    planned,
    variables,
  });
  const path = join(absolute(planned.plan.root, planned.names.root), STATEMENT);
  await world.files.writeFileWhole(path, `${JSON.stringify(said, undefined, 1)}\n`);
  const notes = [
    ...notesOf(recorded, line.variables),
    ...compressorNote(recorded, world.archives.compressor(compressionFormat(variables))),
  ];
  const lines = [...notes, ...formatVerdicts(verdicts), `${path} says so: slipway release sign ${path} KEY`];
  const same = verdicts.every(({ is }) => is === 'identical');
  return answer(lines, { statement: path, verdicts }, same ? 'done' : 'verification');
}

function readProvenance(read: ForeignBytes, given: string): { statement: Statement; recorded: Recorded } {
  const statement = 'problem' in read ? read.problem : parseStatement(read.bytes);
  const recorded = typeof statement === 'string' ? statement : readRecorded(statement);
  if (typeof statement === 'string' || typeof recorded === 'string')
    throw new FailureError({
      code: 'BAD_ARCHIVE',
      path: join(given, PROVENANCE),
      fact: typeof recorded === 'string' ? recorded : String(statement),
    });
  return { statement, recorded };
}

/** Another source gives another set; which one it was is known. */
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
  ...(clean ? [] : ['note    the provenance says of no clean commit: what else was in that tree nobody knows']),
  ...Object.entries(leftOut)
    .filter(([name]) => own[name] === undefined)
    .map(
      ([name, value]) =>
        `note    ${name}=${JSON.stringify(value)} was set and is not repeated, as it can run programs; say it yourself`,
    ),
];

const compressorNote = ({ compressor }: Recorded, own: string): string[] =>
  compressor === undefined || compressor === own
    ? []
    : [
        `note    compressed by ${JSON.stringify(compressor)}, here by ${JSON.stringify(own)}: archives may differ by that alone`,
      ];

function formatVerdicts(verdicts: readonly Verdict[]): string[] {
  const names = { a: 'published', b: 'rebuilt' };
  const lines = verdicts.flatMap(({ name, is, causes, comparison }) =>
    is === 'identical'
      ? [`identical  ${name}`]
      : [
          `${is === 'different' ? 'DIFFERENT' : 'MISSING'}  ${name}: ${causes.join('; ')}`,
          ...(comparison === undefined ? [] : formatFile(comparison, names).slice(1)),
        ],
  );
  const same = verdicts.filter(({ is }) => is === 'identical').length;
  return [
    ...lines,
    `${same === verdicts.length ? `all ${same}` : `${same} of ${verdicts.length}`} artifacts are identical`,
  ];
}

interface Rebuilding {
  /** sha256 of the provenance that was followed. */
  readonly provenance: string;
  readonly planned: Planned;
  readonly variables: Readonly<Record<string, string>>;
}

/** Who rebuilt says what came of it; nobody signs here for himself. */
function statementOf(verdicts: readonly Verdict[], { provenance, planned, variables }: Rebuilding): object {
  const { OUT_DIR: _place, ...repeated } = variables;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: verdicts.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: REPRODUCTION,
    predicate: {
      provenance: { digest: { sha256: provenance } },
      rebuilt: {
        commit: planned.facts.git.commit ?? null,
        clean: planned.facts.git.clean === true,
        go: planned.facts.toolchain.version,
        platform: planned.facts.machine.platform,
        profile: planned.plan.profile,
        variables: repeated,
      },
      verdicts: verdicts.map(({ name, is, causes }) => ({ name, is, causes })),
    },
  };
}
