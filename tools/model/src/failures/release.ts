import type { FailureTexts } from './failure-text.ts';

/** Failures of archives, images and releases. */
export interface ReleaseFailures {
  NOT_AS_KNOWN: {
    readonly path: string;
    /** Lines with `+` or `-` before them. */
    readonly difference: readonly string[];
    readonly hint: string;
  };
  /** `hint` replaces the usual one. */
  BAD_IMAGE: { readonly image: string; readonly fact: string; readonly hint?: string };
  NOT_PUSHED: { readonly image: string; readonly fact: string; readonly hint?: string };
  /** A release that could not be written to its destination. */
  NOT_PUBLISHED: { readonly place: string; readonly fact: string; readonly hint?: string };
  /** An archive or manifest of somebody else that slipway refuses to read. */
  BAD_ARCHIVE: { readonly path: string; readonly fact: string };
  UNREADABLE: { readonly path: string; readonly fact: string };
  DIFFERENT: { readonly count: number; readonly what: string };
}

export const releaseFailures: FailureTexts<ReleaseFailures> = {
  NOT_AS_KNOWN: {
    exit: 'failed',
    message: ({ path, difference }) =>
      `the tree differs from ${path}: ${difference.slice(0, 10).join('; ')}${difference.length > 10 ? `; and ${difference.length - 10} more` : ''}`,
    hint: (f) => f.hint,
  },
  BAD_IMAGE: {
    exit: 'failed',
    message: (f) => `${f.image} cannot be used as a base image: ${f.fact}`,
    hint: (f) => f.hint ?? 'name another one, KUBE_…_BASE_IMAGE=oci:DIRECTORY, or fetch it again',
  },
  NOT_PUSHED: {
    exit: 'failed',
    message: (f) => `${f.image} could not be pushed: ${f.fact}`,
    hint: (f) => f.hint ?? 'run it again; uploads resume',
  },
  NOT_PUBLISHED: {
    exit: 'failed',
    message: (f) => `${f.place} refused the release: ${f.fact}`,
    hint: (f) => f.hint ?? 'run it again; files that are there are not sent again',
  },
  BAD_ARCHIVE: {
    exit: 'verification',
    message: (f) => `${f.path} is refused: ${f.fact}`,
    hint: () => 'nothing of it was written; fetch it again, or ask who published it',
  },
  UNREADABLE: {
    exit: 'failed',
    message: (f) => `${f.path} cannot be read: ${f.fact}`,
    hint: () => 'repair or replace the file, then run the same command again; finished steps are kept',
  },
  DIFFERENT: {
    exit: 'verification',
    message: (f) => `${f.count} of the ${f.what} differ`,
    hint: () => 'the differences are listed above by file, build setting and section',
  },
};
