import type { Check } from './check.ts';
import type { Tree } from './tree.ts';

const begin = '<!-- begin: written by npm run update -->';
const end = '<!-- end -->';

/** The table of checks in hack/README.md lists every check there is. */
export const hackReadme: Check = (tree) => {
  const path = 'hack/README.md';
  const text = tree.read(path);
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${path} lacks the line ${rest === undefined ? begin : end}`);
  tree.write(path, `${before}${begin}\n${table(tree)}${end}${after}`);
};

function table(tree: Tree): string {
  const names = tree.list().flatMap((path) => /^hack\/verify-(.+)\.ts$/.exec(path)?.[1] ?? []);
  const rows = names.map((name) => {
    const remedy = tree.exists(`hack/update-${name}.ts`) ? `\`npm run update -- ${name}\`` : 'by hand';
    return `| [${name}](lib/${name}.ts) | ${summaryOf(tree, name)} | ${remedy} |\n`;
  });
  return `| check | what it checks | remedy |\n| --- | --- | --- |\n${rows.join('')}`;
}

/** The doc comment of the exported check. */
function summaryOf(tree: Tree, name: string): string {
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const \w+: Check\b/.exec(
    tree.read(`hack/lib/${name}.ts`),
  )?.[1];
  if (comment === undefined) throw new Error(`hack/lib/${name}.ts: the exported check has no doc comment`);
  return comment.replaceAll(/\n?\s*\*? +/g, ' ').trim();
}
