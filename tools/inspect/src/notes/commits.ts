/** A commit as notes tell it. */
export interface Commit {
  readonly hash: string;
  /** What the trailer `Release-note:` says, else the subject without the word before its colon. */
  readonly title: string;
  /** `feature`, `bug`: of a trailer `Kind:`, a line `/kind bug`, or the word before the subject's colon; undefined for none. */
  readonly kind: string | undefined;
  /** `feat!:` or a trailer `BREAKING-CHANGE:` */
  readonly breaking: boolean;
  /** Relative to the root. */
  readonly files: readonly string[];
}

/** What `parseLog` reads: of each commit its hash, message and names of files, parted by bytes no message has. */
export const LOG_FORMAT = [
  'log',
  '--no-merges',
  '--name-only',
  '--no-renames',
  '--relative',
  '-z',
  '--format=%x01%H%x02%B%x02',
];

/** Words of https://www.conventionalcommits.org, as Kubernetes' labels call them. */
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
      const [hash = '', message = '', names = ''] = record.split('\u0002');
      return { hash, ...readMessage(message), files: names.split(/[\0\n]/).filter((name) => name !== '') };
    });

function readMessage(message: string): Pick<Commit, 'title' | 'kind' | 'breaking'> {
  const [subject = '', ...body] = message.trim().split('\n');
  const [, word = '', bang, rest] = /^([a-z]+)(?:\([^)]*\))?(!)?: (.+)$/.exec(subject) ?? [];
  const known = conventional[word];
  const trailer = (name: string): string | undefined =>
    body
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() || undefined;
  const slash = body.map((line) => /^\/kind ([a-z-]+)\s*$/.exec(line)?.[1]).find((found) => found !== undefined);
  return {
    title: trailer('release-note') ?? (known === undefined ? subject : rest!),
    kind: trailer('kind') ?? slash ?? known,
    breaking: (known !== undefined && bang === '!') || trailer('breaking-change') !== undefined,
  };
}
