import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseQuery } from '@slipway/freshness';
import { relabel } from './query-word.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-query-word-')));
afterAll(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, 'pkg/q'), { recursive: true });
writeFileSync(join(root, 'pkg/q/q.go'), 'package q\n');

test.each([
  ['pkg/q', '.', '//pkg/q'],
  ['q', 'pkg', '//pkg/q'],
  ['pkg/q/q.go', '.', '//pkg/q'],
  ['./q.go', 'pkg/q', '//pkg/q'],
  ['//pkg/q/q.go', '.', '//pkg/q'],
  ['//pkg/q', '.', '//pkg/q'],
  ['//pkg/...', '.', '//pkg/...'],
  ['example.org/other', '.', 'example.org/other'],
])('%s in %s is %s', (text, dir, label) => {
  const parsed = parseQuery(text);
  const word = parsed.ok && parsed.expression.is === 'word' ? parsed.expression : undefined;
  expect(relabel(word!, { root, cwd: join(root, dir) }).text).toBe(label);
});
