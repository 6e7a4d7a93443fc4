import { describe, expect, test } from 'vitest';
import type { StepId } from '@slipway/model';
import { always, fc } from '@slipway/testing/properties';
import { type OutputNames, scratchDir } from './names.ts';

const names = { scratch: '_output/local/tmp' } as OutputNames;
/** Ids of steps contain words, platforms and paths, by any name that a tree uses. */
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
  test('is below the scratch directory of the output, and each part is short enough for a file system and never leads up', () =>
    always(id, (one) => {
      const place = scratchDir(names, one);
      expect(place.startsWith(`${names.scratch}/`)).toBe(true);
      for (const part of place.slice(names.scratch.length + 1).split('/')) {
        expect(part).toMatch(/^[^/\0]+$/);
        expect(['.', '..']).not.toContain(part);
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
      }
    }));

  test("differs from every other step's and is neither above nor below it, also on a file system that ignores case", () =>
    always(fc.tuple(id, id), ([one, other]) => {
      const [a, b] = [one, other].map((each) => scratchDir(names, each as StepId).toLowerCase());
      expect(a === b || `${b}/`.startsWith(`${a}/`) || `${a}/`.startsWith(`${b}/`)).toBe(one === other);
    }));
});
