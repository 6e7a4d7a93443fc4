import type { Random } from './random.ts';
import type { SyntheticPackage } from './synthetic-tree.ts';

/** State that the writers of one package's files share. */
export interface PackageWriting {
  readonly package: SyntheticPackage;
  /** The packages it imports. */
  readonly imports: readonly SyntheticPackage[];
  readonly random: Random;
  /** An exported name nobody in the package has. */
  freshName(): string;
}

/** A file in the directory of its package. */
export interface PackageFile {
  readonly path: string;
  readonly text: string;
}

/** Depth keeps the sum from being over the whole tree when a command is run. */
export function weighing(name: string, terms: readonly string[], own: number): string {
  return `// ${name} adds up what is held here and, down to a depth, below.
func ${name}(depth int) int {
	total := ${own}
	if depth <= 0 {
		return total
	}
${terms.map((term) => `\ttotal += ${term}\n`).join('')}	return total
}`;
}
