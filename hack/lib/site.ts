import { posix } from 'node:path';
import type { Tree } from './tree.ts';

const { dirname, join, normalize, relative } = posix;

/**
 * A file of the site before its generator reads it: a page of Markdown, or below `public/` a file that is served
 * unchanged.
 */
export interface SiteFile {
  readonly path: string;
  readonly text: string;
}

/** The documents of the repository, with links that lead somewhere in the site: to another page, or to the text of a source file. */
export function siteFiles(tree: Tree): SiteFile[] {
  const pages = tree.list().filter(isDocument);
  const sources = new Set<string>();
  const linked = pages.map((path) => ({
    path: pageOf(path),
    text: `${beforeText(path)}${replaceLinks(tree.read(path), (target) => linkTo(tree, { page: path, target, sources }))}`,
  }));
  const folders = [...sources].filter((path) => !tree.exists(path));
  const lists = folders.map((folder) => ({ path: `${folder}/index.md`, text: listOf(tree, folder, sources) }));
  const copies = [...sources]
    .filter((path) => tree.exists(path))
    .map((path) => ({ path: `public/${copyOf(path)}`, text: tree.read(path) }));
  return [...linked, ...lists, ...copies];
}

/** The table of documents in README.md is the menu of the site. */
export function siteMenu(readme: string): { readonly text: string; readonly link: string }[] {
  const [, rows = ''] = /^## Documentation\n([\s\S]*?)(?=^## |^Licensed|$(?![\s\S]))/m.exec(readme) ?? [];
  const links = [...rows.matchAll(/\[([^\]]+)\]\(([^)]+\.md)\)/g)];
  return links.map(([, text, path]) => ({ text: text!, link: `/${pageOf(path!).replace(/(?:index)?\.md$/, '')}` }));
}

const isDocument = (path: string): boolean => path.endsWith('.md') && !/(?:^|\/)(?:fixtures|_templates)\//.test(path);

/** Readers who search want to know how, and not why, and words of the decisions are in every other document. */
const beforeText = (path: string): string => (path === 'tools/decisions.md' ? '---\nsearch: false\n---\n\n' : '');

const pageOf = (document: string): string => document.replace(/(^|\/)README\.md$/, '$1index.md');

/** Browsers show a text file, and would download a source file. */
const copyOf = (path: string): string => `source/${path.replace(/^\./, '')}.txt`;

interface Linking {
  readonly page: string;
  readonly target: string;
  /** Files and folders that are not documents; targets of links are added. */
  readonly sources: Set<string>;
}

function linkTo(tree: Tree, { page, target, sources }: Linking): string {
  const [file = '', anchor] = target.split('#');
  if (/^\w+:/.test(target) || file === '') return target;
  const path = normalize(join(dirname(page), file)).replace(/\/$/, '');
  const document = tree.exists(`${path}/README.md`) ? `${path}/README.md` : path;
  const to = (other: string): string => {
    const way = relative(dirname(page), other);
    return `${way.startsWith('.') ? way : `./${way}`}${anchor === undefined ? '' : `#${anchor}`}`;
  };
  if (isDocument(document) && tree.exists(document)) return to(pageOf(document));
  sources.add(path);
  return tree.exists(path) ? `/${copyOf(path)}` : to(`${path}/index.md`);
}

function listOf(tree: Tree, folder: string, sources: Set<string>): string {
  const files = tree.list().filter((path) => path.startsWith(`${folder}/`));
  for (const path of files) sources.add(path);
  return `# ${folder}\n\n${files.map((path) => `- [${path.slice(folder.length + 1)}](/${copyOf(path)})\n`).join('')}`;
}

/** Outside of code. Code in a line that looks like a template of the generator is marked as none. */
const replaceLinks = (text: string, change: (target: string) => string): string =>
  text.replaceAll(/^```[\s\S]*?^```|`[^`\n]*`|\]\(([^)\s]+)\)/gm, (all, target?: string) => {
    if (target !== undefined) return `](${change(target)})`;
    return all.startsWith('```') || !all.includes('{{') ? all : `<code v-pre>${escaped(all.slice(1, -1))}</code>`;
  });

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
