import leven from 'leven';

/** The known word a wrong one was probably meant to be; undefined when none is near. Base names count too: `kubctl` → `cmd/kubectl`. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = Math.min(leven(word, candidate), leven(base(word), base(candidate)) + 1);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { word: candidate, distance };
  }
  return best?.word;
}

const base = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
