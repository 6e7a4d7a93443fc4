/** Numbers that depend on the seed only: nothing but 32-bit integers and basic arithmetic, which is the same everywhere. */
export interface Random {
  /** 0 ≤ n < 1. */
  next(): number;
  /** 0 ≤ n < limit, whole. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Whole, from a distribution given by its values at evenly spaced quantiles, the least first. */
  quantile(values: readonly number[]): number;
  shuffle<T>(list: readonly T[]): T[];
}

/** Different parts give independent numbers, so that what one file holds does not depend on the files before it. */
export function seededRandom(...parts: readonly (string | number)[]): Random {
  const draw = sfc32(hash(parts.join('\0')));
  const random: Random = {
    next: () => draw() / 2 ** 32,
    below: (limit) => Math.floor((draw() / 2 ** 32) * limit),
    chance: (probability) => draw() / 2 ** 32 < probability,
    pick: (list) => list[random.below(list.length)]!,
    quantile: (values) => {
      const at = random.next() * (values.length - 1);
      const low = Math.floor(at);
      return Math.round(values[low]! + (at - low) * (values[low + 1]! - values[low]!));
    },
    shuffle: (list) => {
      const result = [...list];
      for (let i = result.length - 1; i > 0; i--) {
        const j = random.below(i + 1);
        [result[i], result[j]] = [result[j]!, result[i]!];
      }
      return result;
    },
  };
  return random;
}

/** Four words of state from a text: FNV-1a, started four ways. */
function hash(text: string): [number, number, number, number] {
  const word = (start: number): number => {
    let value = start;
    for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
    return value >>> 0;
  };
  return [word(0x811c9dc5), word(0x9e3779b9), word(0x85ebca6b), word(0xc2b2ae35)];
}

/** The small fast counting generator of PractRand's author, C. Doty-Humphrey. */
function sfc32([a, b, c, counter]: [number, number, number, number]): () => number {
  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) draw();
  return draw;
}
