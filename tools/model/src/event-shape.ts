import type { EventKind, EventOf, RunFailed } from './event.ts';

/** The JSON form of a value. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  /** One of these words. */
  | { readonly words: Readonly<Record<string, true>> }
  | { readonly list: Shape }
  | { readonly fields: Fields }
  /** An object of which only these fields are part of the contract. */
  | { readonly open: Fields };

/** Fields by name. `name?` may be absent. */
export interface Fields {
  readonly [name: string]: Shape;
}

type ShapeOf<T> = [T] extends [boolean]
  ? 'boolean'
  : [T] extends [number]
    ? 'number'
    : [T] extends [string]
      ? 'string' | { readonly words: Readonly<Record<T, true>> }
      : [T] extends [readonly (infer E)[]]
        ? { readonly list: ShapeOf<E> }
        : { readonly fields: FieldsOf<T> } | { readonly open: Partial<FieldsOf<Pick<T, keyof T>>> };

type FieldsOf<T> = {
  readonly [K in keyof T & string as undefined extends T[K] ? `${K}?` : K]-?: ShapeOf<Exclude<T[K], undefined>>;
};

interface EventRow<E> {
  readonly summary: string;
  readonly fields: FieldsOf<Omit<E, 'kind'>>;
}

const is = { words: { ran: true, fresh: true, restored: true, failed: true } } as const;
const ends = { words: { ran: true, fresh: true, restored: true, skipped: true, failed: true } } as const;
const testEnd = { words: { pass: true, fail: true, skip: true, flaky: true, quarantined: true } } as const;
const howMany = { fields: { done: 'number', total: 'number' } } as const;
const step = { open: { id: 'string', kind: 'string', title: 'string', outputs: { list: 'string' } } } as const;

/**
 * All lines that `--json` prints, field by field. The published schema is generated from this table. The compiler
 * checks the table against the types, so a changed field needs a changed row.
 */
export const eventShapes: {
  readonly [K in EventKind]: EventRow<EventOf<K>>;
} & { readonly failed: EventRow<RunFailed> } = {
  'run-started': {
    summary: 'the plan, before its first step',
    fields: {
      plan: {
        open: {
          ...{
            version: 'number',
            targets: { list: 'string' },
            profile: 'string',
            root: 'string',
            gitVersion: 'string',
          },
          steps: { list: step },
          notes: { list: { fields: { what: 'string', why: 'string' } } },
        },
      },
      at: 'number',
    },
  },
  waiting: { summary: 'another run holds the output', fields: { why: 'string', at: 'number' } },
  'step-started': { summary: 'a step began', fields: { step, at: 'number' } },
  'step-noted': { summary: 'a note about a running step', fields: { step, note: 'string', at: 'number' } },
  'bytes-moved': {
    summary: 'bytes that a step read, wrote, fetched or sent until now',
    fields: { id: 'string', moved: { fields: { done: 'number', 'total?': 'number' } }, at: 'number' },
  },
  'go-progressed': {
    summary: 'progress of a call of Go',
    fields: {
      id: 'string',
      progress: {
        fields: {
          ...{ packages: howMany, kept: 'number', library: 'number', links: howMany },
          ...{ current: { list: 'string' }, 'left?': 'number' },
        },
      },
      at: 'number',
    },
  },
  'go-worked': {
    summary: 'what Go compiled and linked in one call',
    fields: {
      id: 'string',
      spans: {
        list: {
          fields: {
            ...{ name: 'string', is: { words: { compile: true, link: true } } },
            ...{ from: 'number', to: 'number', 'critical?': 'boolean' },
          },
        },
      },
      ...{ kept: 'number', at: 'number' },
    },
  },
  'remote-executed': {
    summary: 'a cluster did a step: times in milliseconds, and bytes',
    fields: {
      ...{ id: 'string', cached: 'boolean', 'worker?': 'string', attempts: 'number' },
      times: { fields: { queued: 'number', fetched: 'number', executed: 'number', uploaded: 'number' } },
      traffic: { fields: { bytesUp: 'number', blobsUp: 'number', bytesDown: 'number' } },
      at: 'number',
    },
  },
  'machine-used': {
    summary: 'cores at work and bytes of memory',
    fields: { cores: 'number', memory: 'number', at: 'number' },
  },
  'package-testing': { summary: 'the tests of a package began', fields: { importPath: 'string', at: 'number' } },
  'package-tested': {
    summary: 'the tests of a package ended, or their result was known',
    fields: {
      result: {
        fields: {
          ...{ importPath: 'string', is: testEnd, seconds: 'number', output: 'string' },
          tests: { list: { fields: { name: 'string', is: testEnd, seconds: 'number', output: 'string' } } },
        },
      },
      is: { words: { ran: true, fresh: true, restored: true } },
      ...{ dir: 'string', moduleDir: 'string', at: 'number' },
    },
  },
  'step-finished': {
    summary: 'a step ended, with the output of its program; of several actions, how each ended',
    fields: {
      step,
      outcome: {
        fields: {
          ...{ is: ends, why: 'string' },
          'parts?': { list: { fields: { name: 'string', is, why: 'string', 'notKept?': 'string' } } },
        },
      },
      ...{ output: 'string', 'failure?': { open: { code: 'string' } }, milliseconds: 'number', at: 'number' },
    },
  },
  'run-finished': {
    summary: 'all steps ended',
    fields: { ok: 'boolean', interrupted: 'boolean', milliseconds: 'number', at: 'number' },
  },
  'cache-moved': {
    summary: 'bytes that went to and came from the shared cache until now',
    fields: {
      ...{ url: 'string', bytesRead: 'number', bytesWritten: 'number' },
      ...{ unfinished: 'number', isEnd: 'boolean', at: 'number' },
    },
  },
  'cache-shared': {
    summary: 'what went to and came from the shared cache',
    fields: {
      traffic: {
        fields: {
          ...{ url: 'string', hits: 'number', misses: 'number', bytesRead: 'number', written: 'number' },
          ...{ bytesWritten: 'number', unfinished: 'number', waited: 'number', 'trouble?': 'string' },
        },
      },
      at: 'number',
    },
  },
  affected: {
    summary: 'why commands depend on files that changed; only with --report',
    fields: {
      chains: {
        list: { fields: { file: 'string', command: 'string', platform: 'string', imports: { list: 'string' } } },
      },
      ...{ untold: 'number', at: 'number' },
    },
  },
  failed: {
    summary: 'the last line of a run that failed, also of one that failed before it had a plan',
    fields: { failures: { list: { open: { code: 'string', message: 'string', hint: 'string' } } } },
  },
};
