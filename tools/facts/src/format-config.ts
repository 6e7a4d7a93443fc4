import { type CommandSet, type Tree, goTagsOf, parseGoFlags } from '@slipway/model';
import { type ConfigFieldName, configFields, configFileName, configTypesFileName, setNames } from '@slipway/catalog';

/**
 * The slipway.config.ts with the inferred settings. Reading it back gives the same tree, except for facts that only
 * scripts know: slipway does not ask hack/lib/golang.sh if this file exists.
 */
export function formatConfig(tree: Tree): string {
  return `${[...header(tree), 'export default {', ...fields(tree).flatMap(indent), '} satisfies Config;'].join('\n')}\n`;
}

function header(tree: Tree): string[] {
  const scripts = tree.source === 'hack/lib/golang.sh';
  return [
    `/// <reference path="./${configTypesFileName}" />`,
    "import type { Config } from 'slipway';",
    '',
    `// Written by slipway init from ${tree.source}. Every field may be left out: it is then found by convention.`,
    ...(scripts
      ? ['// With this file there, hack/lib/golang.sh is no longer asked; remove the file to go back to it.']
      : []),
    ...(tree.makefiles ?? []).map(
      ({ asked }) => `// ${asked} says what is built, and how; with sets in this file it is no longer asked.`,
    ),
    ...(tree.told ?? []).map((sentence) => `// ${sentence}; with sets in this file it is not read.`),
  ];
}

const indent = (text: string): string[] => text.split('\n').map((line) => (line === '' ? line : `  ${line}`));

function fields(tree: Tree): string[] {
  // With modules nothing has the name scripts of the time before give it.
  const isAsked = (tree.makefiles ?? tree.told) !== undefined;
  const isNone = (path: string): boolean =>
    tree.moduleMode !== 'gopath' && path.startsWith(`${tree.goPackage}/vendor/`);
  const packages = [...new Set(tree.stamps.map(({ flag }) => stampedPackage(flag)))].filter(
    (path) => !isAsked && !isNone(path),
  );
  return [
    // Settings that the tree states elsewhere are not repeated.
    ...(tree.source === 'conventions' ? [] : [field('goPackage', text(tree.goPackage))]),
    ...(tree.go?.from === configFileName ? [field('go', text(tree.go.version))] : []),
    ...(isAsked || tree.allTargets.length === 0 ? [] : [field('sets', setsText(tree))]),
    ...(isAsked || tree.staticNames.length === 0 ? [] : [field('static', words(tree.staticNames))]),
    ...cgoField(tree),
    ...(packages.length === 0 ? [] : [field('versionPackages', words(packages))]),
    ...(Object.keys(tree.aliases).length === 0 ? [] : [field('aliases', recordText(tree.aliases))]),
    ...(tree.coveragePackages.length === 0 ? [] : [field('coverage', words(tree.coveragePackages))]),
    ...(tree.generatorsDir === undefined ? [] : [field('generators', text(tree.generatorsDir))]),
    ...(tree.cleanPaths.length === 0 ? [] : [field('clean', words(tree.cleanPaths))]),
    ...(tree.integration.packages.length === 0 ? [] : [field('integrationTests', words(tree.integration.packages))]),
    ...(tree.integration.sets.length === 0 ? [] : [field('integrationSets', words(tree.integration.sets))]),
    ...(tree.remoteCache?.url === undefined ? [] : [field('remoteCache', text(tree.remoteCache.url))]),
    ...(tree.remoteCache === undefined || tree.remoteCache.trusted.length === 0
      ? []
      : [field('trustedWriters', words(tree.remoteCache.trusted))]),
    ...(isAsked ? [] : tagsField(tree)),
    ...examples(tree),
  ];
}

/** Common settings as comments, to be uncommented. */
function examples({ commands }: Tree): string[] {
  const { target, name } = commands.find(({ kind }) => kind === 'main') ?? { target: 'cmd/tool', name: 'tool' };
  const example = (field: ConfigFieldName, value: string): string =>
    `// ${sentence(configFields[field].summary)}\n// ${field}: ${value},`;
  return [
    example('exclude', words([target])),
    example('targets', `[{ path: ${text(target)}, name: ${text(`other-${name}`)} }]`),
    example('stamps', "{ 'pkg/version.Version': '{version}' }"),
  ];
}

const field = (name: ConfigFieldName, value: string): string =>
  `/** ${sentence(configFields[name].summary)} */\n${name}: ${value},`;

const sentence = (summary: string): string => `${summary[0]!.toUpperCase()}${summary.slice(1)}.`;

/** `-X 'k8s.io/component-base/version.gitVersion=@gitVersion@'` → `k8s.io/component-base/version`. */
const stampedPackage = (flag: string): string => flag.replace(/^-X[ =]['"]?/, '').replace(/\.\w+=.*$/, '');

function setsText(tree: Tree): string {
  const sets = setNames.filter((name) => tree.sets[name].targets.length > 0);
  return `{\n${sets.flatMap((name) => indent(`${key(name)}: ${setText(tree.sets[name])},`)).join('\n')}\n}`;
}

const setText = (set: CommandSet): string =>
  `{\n  targets: ${words(set.targets).replaceAll('\n', '\n  ')},\n  platforms: ${words(set.platforms).replaceAll('\n', '\n  ')},\n}`;

function recordText(record: Readonly<Record<string, string>>): string {
  return `{\n${Object.entries(record)
    .map(([name, value]) => `  ${key(name)}: ${text(value)},`)
    .join('\n')}\n}`;
}

/** Only if it differs from the default that `static` implies. */
function cgoField({ platformEnvironments }: Tree): string[] {
  const platforms = Object.keys(platformEnvironments).filter(
    (name) => platformEnvironments[name]?.['CGO_ENABLED'] === '1',
  );
  return platforms.every((platform) => platform.startsWith('linux/')) ? [] : [field('cgo', words(platforms))];
}

/** The tags in the tree's own calls, without those from GOFLAGS. */
function tagsField(tree: Tree): string[] {
  const tags = goTagsOf(parseGoFlags({ words: tree.invocations.cgo.argv }));
  return tags.length === 0 ? [] : [field('tags', words(tags))];
}

const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const key = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : text(name));

/** On one line if it is short. */
function words(list: readonly string[]): string {
  const line = `[${list.map(text).join(', ')}]`;
  return line.length <= 90 ? line : `[\n${list.map((word) => `  ${text(word)},`).join('\n')}\n]`;
}
