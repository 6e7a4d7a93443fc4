import { readFileSync, readdirSync } from 'node:fs';
import { join, posix, relative, resolve } from 'node:path';
import { nearest } from '@slipway/catalog';
import { FailureError } from '@slipway/model';
import { outputNames } from '@slipway/plan';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';
import { type PackageHistory, formatHistory, historyDirectory, parseHistory } from '../tests/history.ts';

/** Prints the last runs of a package in this tree; without a package, of every package that ran. */
export async function testHistory(asking: Asking): Promise<Answer> {
  const { args, line, services } = asking;
  const { root } = await asking.tree();
  const known = historiesIn(historyDirectory(root, outputNames(line.variables)));
  const [word, ...more] = args;
  if (more.length > 0)
    throw new FailureError({
      ...{ code: 'BAD_USAGE', fact: 'test history needs one package' },
      hint: 'slipway test history ./pkg/kubelet',
    });
  if (word === undefined)
    return answer(
      known.flatMap((each) => formatHistory(each)[0]!),
      known,
    );
  const dir = relative(root, resolve(services.cwd, word)) || '.';
  const found = known.find(
    (each) => each.importPath === word || each.dir === dir || each.dir === posix.normalize(word),
  );
  if (found !== undefined) return answer(formatHistory(found), found);
  const meant = nearest(
    word,
    known.flatMap(({ importPath, dir: place }) => [importPath, `./${place}`]),
  );
  const line1 = `no run of the tests of ${word} is remembered in this tree${meant === undefined ? '' : `; did you mean ${meant}?`}`;
  return answer([line1], { importPath: word, runs: [] });
}

function historiesIn(directory: string): PackageHistory[] {
  let names: string[];
  try {
    names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => parseHistory(readFileSync(join(directory, name), 'utf8')) ?? [])
    .sort((a, b) => (a.importPath < b.importPath ? -1 : 1));
}
