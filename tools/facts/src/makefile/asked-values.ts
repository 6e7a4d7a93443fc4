import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  type AskedMakefile,
  type Environment,
  FailureError,
  type Platform,
  type Tree,
  gitEnvironment,
  gitQuestion,
} from '@slipway/model';
import { type RememberingAsker, badScript } from '../golang-sh/run-probe.ts';
import { type GitCall, type MakeQuestion, contentKey, runMake } from './ask-make.ts';
import { valuesOf } from './asked-stamps.ts';

interface AskedValues {
  readonly tree: Pick<Tree, 'root' | 'makefiles'>;
  readonly host: Platform;
  /** The time for `date`, in seconds since 1970. */
  readonly seconds: number;
  readonly services: Omit<RememberingAsker, 'root'>;
}

/** A recorded answer, and the git commands it depends on. */
interface Remembered {
  readonly values: Readonly<Record<string, string>>;
  readonly git: readonly (GitCall & { readonly answer: string })[];
}

/** The current stamps of a tree's Makefiles, by variable. The Makefiles call git themselves. Throws BAD_SCRIPT. */
export async function askedValues(asking: AskedValues): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all((asking.tree.makefiles ?? []).map((each) => valuesOfMakefile(asking, each)));
  return Object.assign({}, ...found) as Record<string, string>;
}

async function valuesOfMakefile(asking: AskedValues, makefile: AskedMakefile): Promise<Remembered['values']> {
  const { tree, host, seconds, services } = asking;
  const question: MakeQuestion = { ...services, root: tree.root, host, copied: makefile.copied };
  const key = `make stamps ${createHash('sha256')
    .update(`${contentKey(question)} ${tree.root} ${seconds}`)
    .digest('hex')}`;
  const text = services.memo.get(key);
  const known = text === undefined ? undefined : (JSON.parse(text) as Remembered);
  if (known !== undefined && (await stillAnswered(asking, known))) return known.values;
  const answer = await runMake(question, [makefile.goal], {
    ...gitSettings(services.environment),
    SLIPWAY_TREE: tree.root,
    SLIPWAY_SECONDS: String(seconds),
  });
  if (typeof answer === 'string') throw badScript(makefile.copied.file, answer, '');
  const values = Object.fromEntries(
    [...valuesOf(answer.builds)].flatMap(([variable, found]) => (found.size === 1 ? [[variable, [...found][0]!]] : [])),
  );
  const calls = [...new Map(answer.git.map((call) => [JSON.stringify(call), call])).values()];
  const git = await Promise.all(calls.map(async (call) => ({ ...call, answer: await askGit(asking, call) })));
  services.memo.set(key, JSON.stringify({ values, git } satisfies Remembered));
  return values;
}

/** The user's git settings contain the list of trusted repositories. */
const gitSettings = (environment: Environment): Environment => ({
  ...Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('GIT_CONFIG_'))),
  SLIPWAY_HOME: environment['HOME'] ?? '',
});

async function stillAnswered(asking: AskedValues, { git }: Remembered): Promise<boolean> {
  const answers = await Promise.all(git.map((call) => askGit(asking, call)));
  return answers.every((answer, at) => answer === git[at]!.answer);
}

async function askGit({ tree, services }: AskedValues, { dir, args }: GitCall): Promise<string> {
  try {
    const { exit, stdout } = await services.runner.run({
      argv: gitQuestion('--no-pager', ...args),
      cwd: join(tree.root, dir),
      env: gitEnvironment(services.environment),
      signal: services.signal,
    });
    return `${exit} ${stdout}`;
  } catch (error) {
    if (error instanceof FailureError && error.failures[0]?.code === 'TOOL_MISSING') return 'no git';
    throw error;
  }
}
