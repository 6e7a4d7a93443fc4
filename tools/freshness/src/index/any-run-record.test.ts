import { describe, expect, test } from 'vitest';
import { always, fc } from '@slipway/testing/properties';
import { type RunRecord, decodeRunRecord, encodeRunRecord } from './check-run-record.ts';

const path = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((text) => !text.includes('\0') && text.isWellFormed());
const text = fc.string({ unit: 'grapheme' }).filter((each) => each.isWellFormed());
const record: fc.Arbitrary<RunRecord> = fc
  .record({
    file: path,
    key: text,
    payload: text,
    rows: fc.array(
      fc.record({
        path,
        stats: fc.tuple(...Array.from({ length: 5 }, () => fc.double({ noNaN: true }))),
        digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      }),
      { minLength: 1 },
    ),
    suspects: fc.array(fc.tuple(fc.nat(9), text)),
  })
  .map(({ rows, ...rest }) => ({
    ...rest,
    paths: rows.map((row) => row.path),
    stats: Float64Array.from(rows.flatMap((row) => row.stats)),
    digests: Buffer.concat(rows.map((row) => row.digest)),
  }));

const plain = (one: RunRecord | undefined) =>
  one && { ...one, stats: [...one.stats], digests: Buffer.from(one.digests).toString('hex') };

describe('the record of a run', () => {
  test('reads back as it was written', () =>
    always(record, (one) => expect(plain(decodeRunRecord(encodeRunRecord(one)))).toEqual(plain(one))));

  const damage = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), by: fc.integer({ min: 1, max: 255 }) });
  test('is invalid if one byte differs', () =>
    always(fc.tuple(record, damage), ([one, { at, by }]) => {
      const bytes = encodeRunRecord(one);
      bytes[Math.floor(at * (bytes.length - 1))]! ^= by;
      expect(decodeRunRecord(bytes)).toBeUndefined();
    }));

  test('is invalid if it is cut short, or has other content', () =>
    always(fc.tuple(record, fc.double({ min: 0, max: 0.999, noNaN: true }), fc.uint8Array()), ([one, part, other]) => {
      const bytes = encodeRunRecord(one);
      expect(decodeRunRecord(bytes.subarray(0, Math.floor(part * bytes.length)))).toBeUndefined();
      expect(decodeRunRecord(Buffer.from(other))).toBeUndefined();
    }));
});
