import { describe, expect, test } from 'vitest';
import { always, fc } from '@slipway/testing/properties';
import { type QueryExpression, parseQuery } from './parse-query.ts';

const label = fc.constantFrom('//cmd/kubectl', '//pkg/...', 'example.org/m/pkg', '//a-b:a-b', '...');
const expression = fc.letrec<{ all: string; call: string; word: string }>((tie) => ({
  word: fc.oneof(
    label,
    label.map((text) => `"${text}"`),
    fc.constant('set(//a //b)'),
  ),
  call: fc.oneof(
    tie('all').map((of) => `deps(${of})`),
    fc.tuple(tie('all'), fc.nat(9)).map(([of, depth]) => `deps(${of}, ${depth})`),
    fc.tuple(tie('all'), tie('all')).map(([a, b]) => `somepath(${a}, ${b})`),
    tie('all').map((of) => `kind(go_.*, ${of})`),
  ),
  all: fc.oneof(
    { maxDepth: 4 },
    tie('word'),
    tie('call'),
    fc.tuple(tie('word'), fc.constantFrom(' + ', ' - ', ' ^ ', ' except '), tie('all')).map((parts) => parts.join('')),
    tie('all').map((of) => `(${of})`),
  ),
}));

/** The expression as text. */
function typed(query: QueryExpression): string {
  if (query.is === 'word') return `"${query.text}"`;
  if (query.is === 'set') return `set(${query.of.map(typed).join(' ')})`;
  if (query.is !== 'call') return `(${typed(query.left)} ${query.is} ${typed(query.right)})`;
  const pattern = query.pattern === undefined ? [] : [`"${query.pattern.source}"`];
  return `${query.name}(${[...pattern, ...query.of.map(typed), ...(query.depth === undefined ? [] : [query.depth])].join(', ')})`;
}

const withoutPlaces = (query: QueryExpression): unknown =>
  JSON.parse(
    JSON.stringify(query, (key, value: unknown) =>
      key === 'at' ? undefined : value instanceof RegExp ? value.source : value,
    ),
  );

describe('a query', () => {
  test('that follows the grammar is parsed, and its printed form parses to the same', () =>
    always(expression.all, (text) => {
      const first = parseQuery(text);
      if (!first.ok) throw new Error(`${text}: ${first.fact}`);
      const second = parseQuery(typed(first.expression));
      if (!second.ok) throw new Error(`${typed(first.expression)}: ${second.fact}`);
      expect(withoutPlaces(second.expression)).toEqual(withoutPlaces(first.expression));
    }));

  const piece = fc.oneof(
    fc.constantFrom(...'()",\'+-^ \t\n', 'deps', 'set', 'kind', 'union', '[', '\\', '__proto__'),
    fc.string(),
  );
  test('of any text is parsed, or has an error with a position', () =>
    always(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        const parsed = parseQuery(text);
        if (!parsed.ok) expect([parsed.at >= 0 && parsed.at <= text.length, parsed.fact !== '']).toEqual([true, true]);
      },
    ));

  test.each(['(', 'deps(', 'set(', '- ', '//a + '])('of very many %s gets an answer', (mark) => {
    expect(parseQuery(mark.repeat(50_000))).toMatchObject({ ok: false, fact: expect.any(String) });
  });
});
