import { expect, test } from 'vitest';
import { memoryMemo } from '@slipway/adapters';
import { pause, sha256, Trial } from './fixtures/trial.ts';
import { seal } from './fixtures/seal.ts';
import { openIndex } from './open-index.ts';

const names = Array.from({ length: 100 }, (_, number) => `${number}.go`);
const texts = (): Trial =>
  new Trial(Object.fromEntries(names.map((name) => [name, `package p // ${name}\n\nimport "fmt"\n`])));

test('a tree that reads many files keeps their headers by content for the next tree', () => {
  using one = texts();
  using other = texts();
  const memo = memoryMemo();
  const headersOf = (trial: Trial): string[] => {
    const index = openIndex(trial.index, { root: trial.root, seal, memo });
    const headers = names.map((name) => index.header(trial.path(name)));
    index.save();
    return headers;
  };
  const headers = headersOf(one);
  expect(headersOf(other)).toEqual(headers);
  const last = names.at(-1)!;
  const known = memo.get('headers 1')!;
  expect(known).toContain(`${sha256(`package p // ${last}\n\nimport "fmt"\n`)} ${headers.at(-1)}`);

  // The second tree believes the kept answer, so it asked for it; a file with another content is read.
  pause();
  using third = texts();
  const wrong = memoryMemo([['headers 1', known.replaceAll(/ .*$/gm, ` ${sha256('known')}`)]]);
  const index = openIndex(third.index, { root: third.root, seal, memo: wrong });
  third.write(last, 'package q\n');
  const found = names.map((name) => index.header(third.path(name)));
  expect(found.at(-2)).toBe(sha256('known'));
  expect(found[0]).toBe(headers[0]);
  expect(found.at(-1)).not.toBe(headers.at(-1));
  expect(found.at(-1)).not.toBe(sha256('known'));
});
