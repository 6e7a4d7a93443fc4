/** The place of an image. */
export interface Reference {
  /** `registry.example`, `127.0.0.1:5000` */
  readonly host: string;
  readonly repository: string;
  /** A tag, or a digest. */
  readonly version: string;
}

/**
 * Undefined for an invalid reference, and for one without a registry, because engines have their own settings for that.
 */
export function parseReference(text: string): Reference | undefined {
  const match = /^([a-z0-9.-]+(?::\d+)?)\/([a-z0-9._/-]+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/i.exec(
    text,
  );
  const [, host = '', repository = '', tag, digest] = match ?? [];
  if (match === null || !/[.:]|^localhost$/.test(host) || repository.split('/').some((part) => /^\.*$/.test(part)))
    return undefined;
  return { host, repository, version: digest ?? tag ?? 'latest' };
}
