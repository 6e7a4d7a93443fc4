import { expect, test } from 'vitest';
import { type QueryExpression, parseQuery } from './parse-query.ts';

const shown = (expression: QueryExpression): string => {
  switch (expression.is) {
    case 'word':
      return expression.text;
    case 'set':
      return `{${expression.of.map(shown).join(' ')}}`;
    case 'call':
      return `${expression.name}(${[expression.pattern, ...expression.of.map(shown), expression.depth].filter((each) => each !== undefined).join(', ')})`;
    default:
      return `(${shown(expression.left)} ${expression.is} ${shown(expression.right)})`;
  }
};

test.each([
  ['//a', '//a'],
  [' //a+//b - //c ^ //d ', '(((//a union //b) except //c) intersect //d)'],
  ['//a union (//b except //c)', '(//a union (//b except //c))'],
  ['//a -//b', '(//a except //b)'],
  ['//a-b/c-d', '//a-b/c-d'],
  ['deps(//a, 2)', 'deps(//a, 2)'],
  ['rdeps(//..., deps(//a))', 'rdeps(//..., deps(//a))'],
  ["kind('go_.*', //a)", 'kind(/go_.*/, //a)'],
  ['set(//a "c++/b")', '{//a c++/b}'],
  ['deps("union")', 'deps(union)'],
  ['deps', 'deps'],
])('%s', (text, meant) => {
  const parsed = parseQuery(text);
  expect(parsed.ok ? shown(parsed.expression) : parsed).toBe(meant);
});

test.each([
  ['', 0, 'a label or a function is expected, not the end'],
  ['//a //b', 4, '//b is unexpected'],
  ['//a +', 5, 'not the end'],
  ['deps(//a', 8, ') is expected'],
  ['deps(//a, b)', 10, 'a depth is a number'],
  ['dep(//a)', 0, 'there is no function dep'],
  ['rdeps(//a)', 9, ', is expected as in rdeps('],
  ['kind("(", //a)', 5, 'no regular expression'],
  ["deps('//a)", 5, 'a quote is not closed'],
  ['deps(//a//b)', 9, 'a part of the path is empty'],
])('%s is wrong at %i', (text, at, fact) => {
  expect(parseQuery(text)).toMatchObject({ ok: false, at, fact: expect.stringContaining(fact) });
});
