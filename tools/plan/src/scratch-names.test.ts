import { describe, expect, test } from 'vitest';
import type { StepId } from '@slipway/model';
import { always, fc } from '@slipway/testing/properties';
import { type OutputNames, scratchDir } from './names.ts';

const names = { scratch: '_output/local/tmp' } as OutputNames;
/** Ids of steps have words, platforms, paths, whatever a tree calls its commands. */
const id = fc
  .array(
    fc.oneof(
      fc.constantFrom('go-build', ':', '/', '..', '.', 'linux/amd64', '%2f', '_', 'A', 'a'),
      fc.string({ unit: 'grapheme' }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join('') as StepId)
  .filter((text) => text !== '' && text.isWellFormed());

describe('the scratch directory of a step', () => {
  test('is below the scratch directory of the output, and no part of it leads up or is longer than a disk takes', () =>
    always(id, (one) => {
      const place = scratchDir(names, one);
      expect(place.startsWith(`${names.scratch}/`)).toBe(true);
      for (const part of place.slice(names.scratch.length + 1).split('/')) {
        expect(part).toMatch(/^[^/\0]+$/);
        expect(['.', '..']).not.toContain(part);
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
      }
    }));

  test("is no other step's, and neither above nor below it, also on a disk where capitals are the same", () =>
    always(fc.tuple(id, id), ([one, other]) => {
      const [a, b] = [one, other].map((each) => scratchDir(names, each as StepId).toLowerCase());
      expect(a === b || `${b}/`.startsWith(`${a}/`) || `${a}/`.startsWith(`${b}/`)).toBe(one === other);
    }));
});
