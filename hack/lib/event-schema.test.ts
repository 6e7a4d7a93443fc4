import { eventShapes } from '@slipway/model';
import { expect, test } from 'vitest';
import { eventSchema } from './event-schema.ts';

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly items?: Schema;
  readonly const?: string;
}

test('the schema has each kind of event once, and asks for every field that is not optional', () => {
  const { oneOf } = eventSchema() as { oneOf: readonly Schema[] };
  expect(oneOf.map(({ properties }) => properties['kind']!.const)).toEqual(Object.keys(eventShapes));
  const finished = oneOf.find(({ properties }) => properties['kind']!.const === 'step-finished')!;
  expect(finished.required).toEqual(['kind', 'step', 'outcome', 'output', 'milliseconds', 'at']);
  expect(Object.keys(finished.properties)).toContain('failure');
  expect(finished.properties['outcome']!.required).toEqual(['is', 'why']);
  expect(finished.properties['outcome']!.properties['parts']!.items!.required).toEqual(['name', 'is', 'why']);
});
