import { dirname, join } from 'node:path';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { type CommandGraph, readGraphs } from '../graphs.ts';
import type { Asking } from '../world.ts';

/** Files that decide for every command of their module or tree. */
const settings = /(^|\/)(go\.mod|go\.sum|go\.work|go\.work\.sum|vendor\/modules\.txt|\.go-version)$/;

/** The commands that depend on a file changed since --base, exactly; nothing is built. The graph is that of the work tree. */
export async function affected(asking: Asking): Promise<Answer> {
  const { base } = asking.line;
  if (base === undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'affected wants to know since when',
      hint: 'slipway affected --base main',
    });
  const graphs = await readGraphs(asking.again({ words: [] }));
  const { root } = await asking.tree();
  const files = await changedFiles(asking, root, base);
  const all = files.some((file) => settings.test(file));
  const commands = graphs.flatMap((each) =>
    each.parts
      .filter(
        (part) =>
          all ||
          dependsOn(
            each,
            part,
            files.map((file) => join(root, file)),
          ),
      )
      .map((part) => ({ name: part.name, importPath: part.importPath, platform: each.question.platform })),
  );
  return answer(commands.length === 0 ? [] : [...new Set(commands.map((command) => command.name))], {
    files,
    commands,
  });
}

/** A file Go uses, or one beside those it uses: a new or deleted one changes the package, too. */
function dependsOn({ graph }: CommandGraph, part: CommandGraph['parts'][number], files: readonly string[]): boolean {
  const { packages, problem } = graph.closureOf(part);
  if (problem !== undefined) return true;
  const dirs = new Set(packages.map((each) => each.dir));
  const used = new Set(packages.flatMap((each) => each.files.map((file) => `${each.dir}/${file}`)));
  return files.some((file) => used.has(file) || (isSource(file) && dirs.has(dirname(file))));
}

/** What Go may take from a package's directory without being told. Tests are no part of a command, but of a test binary. */
const isSource = (file: string): boolean =>
  /\.(go|c|cc|cpp|cxx|h|hh|hpp|hxx|m|s|S|swig|swigcxx|syso)$/.test(file) && !file.endsWith('_test.go');

/** Relative to the root: what differs from the merge base, in commits (up to --head) or in the work tree, and what git does not know. */
async function changedFiles({ line, world }: Asking, root: string, base: string): Promise<string[]> {
  const git = async (...args: string[]): Promise<string[]> => {
    const result = await world.runner.run({
      argv: ['git', '-C', root, ...args],
      cwd: root,
      env: world.environment,
      signal: world.signal,
    });
    if (result.exit !== 0)
      throw new FailureError({
        code: 'BAD_USAGE',
        fact: `git ${args.join(' ')}: ${result.stderr.trim().split('\n')[0]}`,
        hint: 'slipway affected --base REF: a branch, tag or commit of this repository',
      });
    return result.stdout.split('\0').filter((name) => name !== '');
  };
  const [start] = (await git('merge-base', base, line.head ?? 'HEAD')).map((text) => text.trim());
  const diff = ['diff', '--name-only', '--no-renames', '--relative', '-z', start!];
  if (line.head !== undefined) return git(...diff, line.head);
  return [...new Set([...(await git(...diff)), ...(await git('ls-files', '--others', '--exclude-standard', '-z'))])];
}
