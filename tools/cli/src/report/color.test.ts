import { expect, test } from 'vitest';
import { type ColorChoice, paintFor, painted, unpainted } from './color.ts';

const asked = (environment: Record<string, string>, isTerminal = true, choice: ColorChoice = 'auto') =>
  paintFor({ choice, environment, isTerminal }) === painted;

test('by default a terminal gets colours and a pipe gets none', () => {
  expect([asked({}), asked({}, false), asked({ TERM: 'dumb' })]).toEqual([true, false, false]);
});

test('NO_COLOR turns colours off and FORCE_COLOR turns them on, and NO_COLOR wins', () => {
  expect(asked({ NO_COLOR: '1' })).toBe(false);
  expect(asked({ NO_COLOR: '' })).toBe(true);
  expect(asked({ FORCE_COLOR: '1' }, false)).toBe(true);
  expect(asked({ FORCE_COLOR: '0' })).toBe(false);
  expect(asked({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
});

test('--color overrides the environment', () => {
  expect(asked({ NO_COLOR: '1' }, false, 'always')).toBe(true);
  expect(asked({ FORCE_COLOR: '1' }, true, 'never')).toBe(false);
});

test('slipway colours only the first word of a line, and only a word that it knows', () => {
  expect(painted('ok  \tp\nmain.go:1: failed')).toBe('\u001b[32mok\u001b[39m  \tp\nmain.go:1: failed');
  expect(unpainted('failed  x')).toBe('failed  x');
});
