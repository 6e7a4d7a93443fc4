/** A commit or a pull request, for release notes. */
export interface Commit {
  readonly hash: string;
  readonly parents: readonly string[];
  /** The author, and those in trailers `Co-authored-by:`. */
  readonly authors: readonly string[];
  /**
   * Number of the pull request, if the message has one: `(#12)` at the end of the subject, `Merge pull request #12 from
   * …`.
   */
  readonly pull: number | undefined;
  /**
   * The text of a block `release-note` or of a trailer with that name, else the subject without the word before its
   * colon.
   */
  readonly title: string;
  /** Its block or trailer `release-note` is NONE. */
  readonly isUntold: boolean;
  /**
   * `feature`, `bug`: from a trailer `Kind:`, a line `/kind bug`, or the word before the subject's colon; undefined
   * without any.
   */
  readonly kind: string | undefined;
  /** `feat!:` or a trailer `BREAKING-CHANGE:` */
  readonly breaking: boolean;
  /** Relative to the root. */
  readonly files: readonly string[];
}

/**
 * The format that `parseLog` reads: hash, parents, author, message and file names of each commit, separated by bytes
 * that no message contains.
 */
export const LOG_FORMAT = [
  'log',
  '--topo-order',
  '--name-only',
  '--no-renames',
  '--relative',
  '-z',
  '--format=%x01%H%x02%P%x02%an%x02%B%x02',
];

/** Words of https://www.conventionalcommits.org, with the names of Kubernetes' labels. */
const conventional: Readonly<Record<string, string>> = {
  feat: 'feature',
  fix: 'bug',
  docs: 'documentation',
  perf: 'performance',
  refactor: 'cleanup',
  style: 'cleanup',
  chore: 'cleanup',
  test: 'test',
  build: 'build',
  ci: 'build',
  revert: 'regression',
};

export const parseLog = (text: string): Commit[] =>
  text
    .split('\u0001')
    .slice(1)
    .map((record) => {
      const [hash = '', parents = '', author = '', message = '', names = ''] = record.split('\u0002');
      const others = [...message.matchAll(/^Co-authored-by: *([^<\n]*[^<\s])/gim)].map(([, name]) => name!);
      return {
        hash,
        parents: parents.split(' ').filter(Boolean),
        authors: [...new Set([author, ...others])],
        ...readMessage(message),
        files: names.split(/[\0\n]/).filter((name) => name !== ''),
      };
    });

function readMessage(message: string): Pick<Commit, 'title' | 'kind' | 'breaking' | 'pull' | 'isUntold'> {
  const [first = '', ...body] = message.trim().split('\n');
  const [, merged] = /^Merge pull request #(\d+) from /.exec(first) ?? [];
  // The body of a merge contains the title of its pull request.
  const whole = (merged === undefined ? first : (body.find((line) => line.trim() !== '') ?? first)).trim();
  const [, subject = whole, squashed] = /^(.*?)\s+\(#(\d+)\)$/.exec(whole) ?? [];
  const [, word = '', bang, rest] = /^([a-z]+)(?:\([^)]*\))?(!)?: (.+)$/.exec(subject) ?? [];
  const known = conventional[word];
  const trailer = (name: string): string | undefined =>
    body
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() || undefined;
  const slash = body.map((line) => /^\/kind ([a-z-]+)\s*$/.exec(line)?.[1]).find((found) => found !== undefined);
  const block = /^```release-note\s*\n([\s\S]*?)^```/m.exec(message)?.[1]?.trim().replaceAll(/\s+/g, ' ');
  const note = block || trailer('release-note');
  const isUntold = note !== undefined && /^"?none"?$/i.test(note);
  const pull = merged ?? squashed;
  return {
    title: (isUntold ? undefined : note) ?? (known === undefined ? subject : rest!),
    kind: trailer('kind') ?? slash ?? known,
    breaking: (known !== undefined && bang === '!') || trailer('breaking-change') !== undefined,
    pull: pull === undefined ? undefined : Number(pull),
    isUntold,
  };
}
