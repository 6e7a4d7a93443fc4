import { posix } from 'node:path';
import { type Coverage, type CoveredBlock, coveredStatements } from './coverage.ts';
import { xmlAttributes } from './xml.ts';

/**
 * https://cobertura.github.io/cobertura/: the format of GitLab, Jenkins and Azure. Each file is a class with the lines
 * of its statements.
 */
export function formatCobertura(
  { blocks }: Coverage,
  { root, directories, timestamp }: { root: string; directories: Readonly<Record<string, string>>; timestamp: number },
): string {
  const byFile = Map.groupBy(blocks.values(), ({ file }) => file);
  const byPackage = Map.groupBy(byFile, ([file]) => posix.dirname(file));
  const { covered, all } = linesOf(blocks.values());
  const head = { ...rates(blocks.values()), 'lines-covered': covered, 'lines-valid': all };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">',
    `<coverage ${xmlAttributes({ ...head, ...BRANCHES, version: 'slipway', timestamp })}>`,
    `\t<sources>\n\t\t<source>${xmlAttributes({ root }).slice('root="'.length, -1)}</source>\n\t</sources>`,
    '\t<packages>',
    ...[...byPackage].flatMap(([name, files]) => formatPackage(name, files, directories[name] ?? name)),
    '\t</packages>',
    '</coverage>',
    '',
  ].join('\n');
}

/** Go does not measure branches. */
const BRANCHES = { 'branches-covered': 0, 'branches-valid': 0, 'branch-rate': 0, complexity: 0 };

function formatPackage(name: string, files: readonly [string, CoveredBlock[]][], directory: string): string[] {
  const own = files.flatMap(([, blocks]) => blocks);
  return [
    `\t\t<package ${xmlAttributes({ name, ...rates(own), 'branch-rate': 0, complexity: 0 })}>`,
    '\t\t\t<classes>',
    ...files.flatMap(([file, blocks]) => formatFile(posix.join(directory, posix.basename(file)), blocks)),
    '\t\t\t</classes>',
    '\t\t</package>',
  ];
}

function formatFile(filename: string, blocks: readonly CoveredBlock[]): string[] {
  const head = { name: posix.basename(filename), filename, ...rates(blocks), 'branch-rate': 0, complexity: 0 };
  const lines = [...hitsOf(blocks)].sort(([a], [b]) => a - b);
  return [
    `\t\t\t\t<class ${xmlAttributes(head)}>`,
    '\t\t\t\t\t<methods></methods>',
    '\t\t\t\t\t<lines>',
    ...lines.map(([number, hits]) => `\t\t\t\t\t\t<line ${xmlAttributes({ number, hits })}></line>`),
    '\t\t\t\t\t</lines>',
    '\t\t\t\t</class>',
  ];
}

/** For a line in several blocks, the highest count. */
function hitsOf(blocks: readonly CoveredBlock[]): Map<number, number> {
  const hits = new Map<number, number>();
  for (const { from, to, count } of blocks)
    for (let line = from; line <= to; line += 1) hits.set(line, Math.max(hits.get(line) ?? 0, count));
  return hits;
}

function linesOf(blocks: Iterable<CoveredBlock>): { covered: number; all: number } {
  let [covered, all] = [0, 0];
  for (const [, own] of Map.groupBy(blocks, ({ file }) => file)) {
    const hits = [...hitsOf(own).values()];
    all += hits.length;
    covered += hits.filter((count) => count > 0).length;
  }
  return { covered, all };
}

function rates(blocks: Iterable<CoveredBlock>): { 'line-rate': string } {
  const { covered, all } = coveredStatements(blocks);
  return { 'line-rate': (all === 0 ? 0 : covered / all).toFixed(4) };
}
