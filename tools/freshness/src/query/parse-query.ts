import { type Label, parseLabel } from '@slipway/model';

/** A word of a query, with its position: a label, an import path, or a pattern of either. */
export interface QueryWord {
  readonly is: 'word';
  readonly text: string;
  readonly label: Label | undefined;
  readonly at: number;
}

export type QueryExpression =
  | QueryWord
  | { readonly is: 'set'; readonly of: readonly QueryExpression[] }
  | { readonly is: SetOperation; readonly left: QueryExpression; readonly right: QueryExpression }
  | {
      readonly is: 'call';
      readonly name: QueryFunction;
      readonly of: readonly QueryExpression[];
      readonly depth: number | undefined;
      readonly pattern: RegExp | undefined;
    };

export type SetOperation = 'union' | 'except' | 'intersect';

/** The arguments of each function; `depth` is optional. */
export const queryFunctions = {
  deps: { takes: ['expr', 'depth'], example: 'deps(//cmd/kubectl)' },
  rdeps: { takes: ['expr', 'expr', 'depth'], example: 'rdeps(//..., //pkg/kubelet)' },
  somepath: { takes: ['expr', 'expr'], example: 'somepath(//cmd/kubelet, //pkg/kubelet)' },
  allpaths: { takes: ['expr', 'expr'], example: 'allpaths(//cmd/kubelet, //pkg/kubelet)' },
  kind: { takes: ['pattern', 'expr'], example: 'kind(go_binary, //cmd/...)' },
  filter: { takes: ['pattern', 'expr'], example: "filter('/v1$', deps(//cmd/kubectl))" },
  tests: { takes: ['expr'], example: 'tests(//pkg/...)' },
} as const satisfies Record<string, { takes: readonly ('expr' | 'depth' | 'pattern')[]; example: string }>;

export type QueryFunction = keyof typeof queryFunctions;

export type ParsedQuery =
  | { readonly ok: true; readonly expression: QueryExpression }
  /** `at` is the position of the error, counted from 0. */
  | { readonly ok: false; readonly at: number; readonly fact: string };

const operations: Readonly<Record<string, SetOperation>> = {
  '+': 'union',
  union: 'union',
  '-': 'except',
  except: 'except',
  '^': 'intersect',
  intersect: 'intersect',
};

/**
 * Bazel's grammar without variables: calls, set(…), parentheses, and left-associative operators of equal precedence.
 */
export function parseQuery(text: string): ParsedQuery {
  try {
    const tokens = new Tokens(text);
    const expression = parseExpression(tokens);
    const rest = tokens.peek();
    if (rest.kind !== 'end') throw new Unexpected(rest.at, `${rest.text} is unexpected; +, - or ^ joins two sets`);
    return { ok: true, expression };
  } catch (error) {
    if (error instanceof Unexpected) return { ok: false, at: error.at, fact: error.message };
    throw error;
  }
}

class Unexpected extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

interface Token {
  readonly kind: 'word' | 'mark' | 'end';
  readonly text: string;
  readonly at: number;
  /** Quoted words are neither functions nor operators. */
  readonly quoted: boolean;
}

class Tokens {
  readonly #tokens: readonly Token[];
  #next = 0;
  #joined = 0;

  constructor(text: string) {
    this.#tokens = [...tokensOf(text), { kind: 'end', text: 'the end', at: text.length, quoted: false }];
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  /** Adds one level of nesting. */
  join(at: number): void {
    this.#joined += 1;
    if (this.#joined > MOST_JOINED)
      throw new Unexpected(
        at,
        `it has more than ${MOST_JOINED} parentheses and operations; set(a b …) takes any number of words`,
      );
  }

  expect(mark: string, after: string): void {
    const token = this.take();
    if (token.kind !== 'mark' || token.text !== mark)
      throw new Unexpected(token.at, `${mark} is expected ${after}, not ${token.text}`);
  }
}

/** Each is a level of recursion. More levels than this are a mistake, and many more would overflow the stack. */
const MOST_JOINED = 1000;

/** A dash inside a word belongs to it. A dash at its beginning is an operator. */
function* tokensOf(text: string): Generator<Token> {
  const token = /\s*(?:([(),^+-])|"([^"]*)"|'([^']*)'|([^\s(),^+"'-][^\s(),^+"']*))/y;
  while (text.slice(token.lastIndex).trim() !== '') {
    const start = token.lastIndex;
    const found = token.exec(text);
    const begin = start + text.slice(start).search(/\S/);
    if (found === null) throw new Unexpected(begin, 'a quote is not closed');
    const [, mark, double, single, word] = found;
    if (mark !== undefined) yield { kind: 'mark', text: mark, at: begin, quoted: false };
    else yield { kind: 'word', text: word ?? double ?? single ?? '', at: begin, quoted: word === undefined };
  }
}

function parseExpression(tokens: Tokens): QueryExpression {
  let left = parseTerm(tokens);
  for (;;) {
    const token = tokens.peek();
    const is = token.quoted || !Object.hasOwn(operations, token.text) ? undefined : operations[token.text];
    if (is === undefined) return left;
    tokens.take();
    tokens.join(token.at);
    left = { is, left, right: parseTerm(tokens) };
  }
}

function parseTerm(tokens: Tokens): QueryExpression {
  const token = tokens.take();
  if (token.text === '(' && token.kind === 'mark') {
    tokens.join(token.at);
    const inner = parseExpression(tokens);
    tokens.expect(')', 'here');
    return inner;
  }
  if (token.kind !== 'word' || (!token.quoted && Object.hasOwn(operations, token.text)))
    throw new Unexpected(token.at, `a label or a function is expected, not ${token.text}`);
  const opens = !token.quoted && tokens.peek().kind === 'mark' && tokens.peek().text === '(';
  if (!opens) return parseWord(token);
  tokens.join(token.at);
  tokens.take();
  if (token.text === 'set') return parseSet(tokens);
  if (!Object.hasOwn(queryFunctions, token.text))
    throw new Unexpected(token.at, `there is no function ${token.text}, but ${Object.keys(queryFunctions).join(', ')}`);
  return parseCall(token.text as QueryFunction, tokens);
}

function parseSet(tokens: Tokens): QueryExpression {
  const of: QueryExpression[] = [];
  while (tokens.peek().kind === 'word') of.push(parseWord(tokens.take()));
  tokens.expect(')', 'after the words of set');
  return { is: 'set', of };
}

function parseCall(name: QueryFunction, tokens: Tokens): QueryExpression {
  const { takes, example } = queryFunctions[name];
  const of: QueryExpression[] = [];
  let depth: number | undefined;
  let pattern: RegExp | undefined;
  for (const [index, what] of takes.entries()) {
    if (index > 0) {
      if (what === 'depth' && tokens.peek().text !== ',') break;
      tokens.expect(',', `as in ${example}`);
    }
    if (what === 'expr') of.push(parseExpression(tokens));
    else if (what === 'depth') depth = parseDepth(tokens.take());
    else pattern = parsePattern(tokens.take());
  }
  tokens.expect(')', `as in ${example}`);
  return { is: 'call', name, of, depth, pattern };
}

function parseDepth({ text, at }: Token): number {
  if (!/^\d+$/.test(text)) throw new Unexpected(at, `a depth is a number, not ${text}`);
  return Number(text);
}

function parsePattern({ kind, text, at }: Token): RegExp {
  if (kind !== 'word') throw new Unexpected(at, `a regular expression is expected, not ${text}`);
  try {
    return new RegExp(text);
  } catch {
    throw new Unexpected(at, `${text} is no regular expression`);
  }
}

function parseWord({ text, at }: Token): QueryWord {
  if (!text.startsWith('//')) return { is: 'word', text, label: undefined, at };
  const parsed = parseLabel(text);
  if (!parsed.ok) throw new Unexpected(at + parsed.at, parsed.fact);
  return { is: 'word', text, label: parsed.label, at };
}

/** Reports whether test binaries are needed. Only then Go lists tests. */
export function asksForTests(expression: QueryExpression): boolean {
  switch (expression.is) {
    case 'word':
      return expression.label?.names === 'test';
    case 'set':
      return expression.of.some(asksForTests);
    case 'call':
      return expression.name === 'tests' || expression.of.some(asksForTests);
    default:
      return asksForTests(expression.left) || asksForTests(expression.right);
  }
}
