import leven from 'leven';

/**
 * The known word closest to a misspelled one; undefined if none is close. Base names count too: `kubctl` →
 * `cmd/kubectl`. Transposed letters count as one error. `most` is the maximum number of errors.
 */
export function nearest(word: string, known: readonly string[], most = Number.MAX_SAFE_INTEGER): string | undefined {
  const limit = Math.min(most, Math.max(1, Math.floor(word.length / 3)));
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const far = Math.min(
      distance(word, candidate),
      distance(base(word), base(candidate)) + (base(word) === word ? 0.5 : 1),
    );
    if (far <= limit + 0.5 && Math.floor(far) <= limit && (best === undefined || far < best.distance))
      best = { word: candidate, distance: far };
  }
  return best?.word;
}

const distance = (a: string, b: string): number => (a !== b && letters(a) === letters(b) ? 0.9 : leven(a, b));
const letters = (text: string): string => [...text].sort().join('');
const base = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
