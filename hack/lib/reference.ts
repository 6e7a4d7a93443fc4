import { reference } from '@slipway/catalog/reference';
import { eventSchema } from './event-schema.ts';
import { formatted } from './format.ts';
import type { Check } from './check.ts';

/** docs/reference.md, the man page docs/slipway.1 and the schema of --json match the tables. */
export const referencePages: Check = async (tree) => {
  tree.write('docs/reference.md', markdown());
  tree.write('docs/slipway.1', manPage());
  const schema = 'docs/events.schema.json';
  tree.write(schema, (await formatted(tree, schema, JSON.stringify(eventSchema()))).code);
};

function markdown(): string {
  const sections = reference().map(({ title, entries }) => {
    const rows = entries.map(({ term, lines }) => `| ${code(term)} | ${lines.map(cell).join('<br>')} |`);
    return `## ${title}\n\n| | |\n| --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Reference\n\nEverything slipway takes, from its own tables: \`npm run update -- reference\` writes this page and the man page\n[slipway.1](slipway.1) (\`man docs/slipway.1\`). \`slipway help NAME\` prints one entry.\n\n${sections.join('\n')}`;
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('_', '\\_');

function manPage(): string {
  const sections = reference().map(
    ({ title, entries }) =>
      `.SH ${title.toUpperCase()}\n${entries
        .map(({ term, lines }) => `.TP\n.B ${troff(term)}\n${lines.map(troff).join('\n.br\n')}`)
        .join('\n')}\n`,
  );
  return `.TH SLIPWAY 1
.SH NAME
slipway \\- builds, tests and releases Go monorepos of Kubernetes' shape
.SH SYNOPSIS
.B slipway
[\\-C DIR] TARGET... [VAR=value...] [flags]
.SH DESCRIPTION
Without a target it builds everything for this machine. A command of the tree is a target by its name. Variables are given after the
target or in the environment; the command line wins.
${sections.join('')}`;
}

/** A line that begins with a dot or an apostrophe would be a request. */
const troff = (text: string): string =>
  text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('…', '...').replace(/^[.']/, '\\&$&');
