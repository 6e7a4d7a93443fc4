import { join } from 'node:path';
import { type Statement, lookAt } from '@slipway/adapters';
import { compareBytes } from '../compare/compare-bytes.ts';
import { compareContents } from '../compare/compare-contents.ts';
import type { FileComparison } from '../compare/comparison.ts';
import { causesOf } from './causes.ts';

/** One published artifact, compared with the rebuilt one. */
export interface ArtifactResult {
  readonly name: string;
  /** The digest of the published one. */
  readonly sha256: string;
  readonly is: 'identical' | 'different' | 'not rebuilt';
  readonly causes: readonly string[];
  /** Set if it differs. */
  readonly comparison?: FileComparison;
}

/**
 * Compares the digests in both provenances. Differences of content are reported for the tarball that contains an image.
 */
export function compareImages(published: Statement, rebuilt: Statement): ArtifactResult[] {
  const made = new Map(rebuilt.images.map(({ name, sha256 }) => [name, sha256]));
  return published.images.map((image): ArtifactResult => {
    const other = made.get(image.name);
    if (other === undefined)
      return { ...image, is: 'not rebuilt', causes: ['the plan of this tree has no such image'] };
    if (other === image.sha256) return { ...image, is: 'identical', causes: [] };
    return { ...image, is: 'different', causes: ['what differs in it is said of the tarball that holds it'] };
  });
}

/**
 * Compares every subject of the provenance; side A is the published one. File modes are lost in transit, so they are
 * not compared.
 */
export async function compareSets(
  { subjects }: Statement,
  { published, rebuilt }: { readonly published: string; readonly rebuilt: string },
  signal: AbortSignal,
): Promise<ArtifactResult[]> {
  const results: ArtifactResult[] = [];
  for (const subject of subjects) {
    const [a, b] = [join(published, subject.name), join(rebuilt, subject.name)];
    if ((await lookAt(b)) === undefined) {
      results.push({ ...subject, is: 'not rebuilt', causes: ['the plan of this tree has no such artifact'] });
      continue;
    }
    const bytes = await compareBytes(a, b);
    if (bytes.same) {
      results.push({ ...subject, is: 'identical', causes: [] });
      continue;
    }
    const contents = await compareContents(a, b, { offset: bytes.offset, signal });
    const comparison: FileComparison = { is: 'different', path: subject.name, ...contents };
    results.push({ ...subject, is: 'different', causes: causesOf(comparison), comparison });
  }
  return results;
}
