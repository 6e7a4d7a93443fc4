import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { linesOfProgress } from './progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([
  ['a terminal', true, 2],
  ['a log', false, 31],
])('%s is told how far a download is, and not too often', (_, isTerminal, every) => {
  const said: string[] = [];
  const progress = linesOfProgress({ write: (text) => void said.push(text) }, isTerminal);
  progress('downloading go');
  for (let second = 1; second <= 62; second++) {
    vi.advanceTimersByTime(1000);
    progress('downloading go', { done: second * 1e6, total: 70e6 });
  }
  expect(said).toHaveLength(1 + Math.floor(62 / Math.min(every, 30)));
  expect(said.slice(0, 2)).toEqual([
    'downloading go\n',
    expect.stringMatching(/^downloading go: \d+(?:\.\d)? MB of 70 MB\n$/),
  ]);
});
