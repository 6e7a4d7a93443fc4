import { type BigIntStats, lstatSync } from 'node:fs';
import { failureOfFileError } from '@slipway/adapters';
import type { Freshness } from '@slipway/model';
import type { ContentIndex } from '../index/port.ts';
import { pathOf } from './output-file.ts';
import type { OutputStates } from './state.ts';

interface PublishedParts {
  readonly root: string;
  readonly index: ContentIndex;
  readonly states: OutputStates;
  readonly shareable: ReadonlySet<string>;
}

/** Reports whether a copy still equals its source. Its content is not read if nobody wrote to it since. */
export const makePublished = ({
  root,
  index,
  states,
  shareable,
}: PublishedParts): Pick<Freshness, 'published' | 'recordPublished'> => ({
  published(from, to) {
    const before = states.published(to);
    const mayShare = shareable.has(pathOf(root, from));
    if (before?.stamp !== stampOf(pathOf(root, to))) return { is: 'doubtful', mayShare };
    return { is: before.digest === index.digest(pathOf(root, from)) ? 'same' : 'other', mayShare };
  },
  async recordPublished(from, to) {
    if (shareable.has(pathOf(root, from))) index.noteLinked(pathOf(root, from));
    index.forget([pathOf(root, to)]);
    const stamp = stampOf(pathOf(root, to));
    states.setPublished(to, { digest: await index.digestAside(pathOf(root, from)), stamp });
  },
});

/** Changes with every write, even if the modification time is reset. */
function stampOf(path: string): string {
  const stat = statOf(path);
  return stat === undefined
    ? 'absent'
    : [stat.dev, stat.ino, stat.mode, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ');
}

/** Also undefined for a file in place of a directory; the writer reports that error better. */
function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false, bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw failureOfFileError(error, path);
  }
}
