import { Ajv } from 'ajv';

/** The errors of a value by a schema; none for a valid value. */
export type Validate = (value: unknown) => readonly string[];

/** `others` are schemas that the first one names. */
export function compileSchema(schema: object, others: readonly object[] = []): Validate {
  // Schemas of others: their words are theirs.
  const check = new Ajv({ strict: false, validateFormats: false, allErrors: true, schemas: [...others] }).compile(
    schema,
  );
  return (value) =>
    check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
