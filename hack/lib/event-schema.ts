import { type Fields, type Shape, eventShapes } from '@slipway/model';

/** The JSON schema of one line of `--json`. A later version may add kinds and fields, so both are open. */
export const eventSchema = (): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'One line of slipway --json',
  oneOf: Object.entries(eventShapes).map(([kind, { summary, fields }]) => {
    const { properties, required } = objectOf(fields);
    return {
      title: kind,
      description: summary,
      type: 'object',
      properties: { kind: { const: kind }, ...properties },
      required: ['kind', ...required],
    };
  }),
});

function schemaOf(shape: Shape): object {
  if (typeof shape === 'string') return { type: shape };
  if ('words' in shape) return { enum: Object.keys(shape.words) };
  if ('list' in shape) return { type: 'array', items: schemaOf(shape.list) };
  return { type: 'object', ...objectOf('fields' in shape ? shape.fields : shape.open) };
}

function objectOf(fields: Fields): { readonly properties: object; readonly required: readonly string[] } {
  const names = Object.keys(fields);
  return {
    properties: Object.fromEntries(names.map((name) => [name.replace('?', ''), schemaOf(fields[name]!)])),
    required: names.filter((name) => !name.endsWith('?')),
  };
}
