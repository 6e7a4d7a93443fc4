import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findTarget, mostArguments } from '@slipway/catalog';
import { parseArguments } from './parse-arguments.ts';

const root = join(import.meta.dirname, '../../..');
const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

/** The lines of shell blocks that call slipway, each without its comment and what follows a pipe. */
const calls = documents.flatMap((document) =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/^```sh.*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n').flatMap((line) => {
      const call = /^slipway (.*?)(?: +#.*| \|.*)?$/.exec(line)?.[1];
      return call === undefined ? [] : [{ document, call }];
    }),
  ),
);

const wordsOf = (call: string): string[] =>
  [...call.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replaceAll(/['"]/g, ''));

test('the documents show commands', () => {
  expect(calls.length).toBeGreaterThan(25);
});

test.each(calls)('$document: slipway $call is a command line that slipway takes', ({ call }) => {
  const { words } = parseArguments(wordsOf(call), {});
  const [first = 'all', ...given] = words;
  const target = findTarget(first);
  const most = target?.kind === 'query' ? mostArguments(target, given[0]) : Number.POSITIVE_INFINITY;
  expect(given.length).toBeLessThanOrEqual(most);
});
