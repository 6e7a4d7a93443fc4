import { format as oxfmt, type FormatConfig } from 'oxfmt';
import { Problems, type Check, type Problem } from './check.ts';
import type { Tree } from './tree.ts';

/** Members of the file that concern editors and the command line only. */
interface Settings {
  readonly $schema?: string;
  readonly ignorePatterns?: readonly string[];
}

/** TypeScript, JavaScript and JSON are as oxfmt writes them with .oxfmtrc.json. */
export const format: Check = async (tree) => {
  const files = tree
    .list()
    .filter(
      (path) => /\.(?:m?[jt]s|json)$/.test(path) && !/(?:^|\/)(?:fixtures|package-lock\.json)|_pb\.ts$/.test(path),
    );
  const problems: Problem[] = [];
  for (const path of files) {
    const { code, errors } = await formatted(tree, path, tree.read(path));
    if (errors.length > 0) problems.push({ path, what: errors.map(({ message }) => message).join('; ') });
    else tree.write(path, code);
  }
  Problems.throwIfAny(problems);
};

/** A text, formatted as a file of that name. */
export function formatted(tree: Tree, path: string, text: string): ReturnType<typeof oxfmt> {
  const {
    $schema: _schema,
    ignorePatterns: _ignored,
    ...options
  } = JSON.parse(tree.read('.oxfmtrc.json')) as FormatConfig & Settings;
  return oxfmt(path, text, options);
}
