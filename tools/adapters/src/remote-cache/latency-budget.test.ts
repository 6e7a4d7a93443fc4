import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLatencyBudget } from './latency-budget.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const rig = () => {
  const budget = openLatencyBudget({ latencyBudget: 500, bytesPerSecond: 1_000_000 });
  const ended: string[] = [];
  return { budget, ended, wait: (name = '') => budget.wait(() => void ended.push(name)) };
};

test('all callers together wait for a silent server as long as the budget allows', () => {
  const { budget, ended, wait } = rig();
  using _one = wait('one');
  using _two = wait('two');
  vi.advanceTimersByTime(475);
  expect(ended).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(ended).toEqual(['one', 'two']);
  expect(wait).toThrow(/too slow/);
  expect(budget.lost).toBeLessThan(600);
});

test('a server that is late in small parts is given up, too', () => {
  const { ended, wait } = rig();
  const pause = (): void => {
    using _ = wait();
    vi.advanceTimersByTime(20);
  };
  for (let i = 0; i < 25; i++) pause();
  expect(ended).toEqual([]);
  expect(() => {
    for (let i = 0; i < 10; i++) pause();
  }).toThrow(/too slow/);
});

test.each([
  ['as fast as it would be made', 1_000_000, true],
  ['half as fast', 500_000, false],
])('content that arrives %s is judged by its speed', (_, bytesPerSecond, isWorthIt) => {
  const { budget, ended, wait } = rig();
  using _waiting = wait('one');
  for (let i = 0; i < 50; i++) {
    vi.advanceTimersByTime(100);
    budget.brought(bytesPerSecond / 10);
  }
  expect(ended).toEqual(isWorthIt ? [] : ['one']);
});

test('a server that delivered much may pause for a while, but not for ever', () => {
  const { budget, ended, wait } = rig();
  using _waiting = wait('one');
  budget.brought(1e9);
  vi.advanceTimersByTime(2400);
  expect(ended).toEqual([]);
  expect(budget.lost).toBeLessThan(500);
  vi.advanceTimersByTime(400);
  expect(ended).toEqual(['one']);
});

test('only time counts in which somebody waits and this process can take an answer', () => {
  const { budget, ended, wait } = rig();
  wait()[Symbol.dispose]();
  vi.advanceTimersByTime(10_000);
  {
    using _waiting = wait('one');
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 10_000);
  }
  expect([budget.lost < 30, ended]).toEqual([true, []]);
  vi.restoreAllMocks();
});
