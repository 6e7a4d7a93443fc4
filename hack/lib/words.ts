import { Problems, type Check, type Problem } from './check.ts';

/** Turns of phrase that slowed readers. Each has what is written instead. */
const turns: readonly { readonly pattern: RegExp; readonly better: string }[] = [
  { pattern: /\bhas no meaning\b/g, better: 'invalid value for X: Y' },
  { pattern: /\bis not for everybody\b/g, better: 'authentication required' },
  { pattern: /\bneither here nor to be had\b/g, better: 'not installed, and it could not be downloaded' },
  { pattern: /\bwhat it printed says why\b/g, better: 'see its output above' },
  { pattern: /\bsay it again\b/g, better: 'run it again' },
  { pattern: /\bwent away: it\b/g, better: 'the connection was lost while …' },
  { pattern: /\b(?:was|were) to be (?:run|read|compared|packed)\b/g, better: 'needed to run …' },
  { pattern: /\bno checksum is said\b/g, better: 'not listed in SHA256SUMS' },
  { pattern: /\bare as they say\b/g, better: 'N checks passed' },
  { pattern: /\btake nothing for done\b/g, better: 'rebuild everything' },
  { pattern: /\bnobody (?:can tell|tells|here knows)\b/g, better: 'slipway cannot tell' },
  {
    pattern: /(?<!there )\bis no (?:JSON|UTF-8|image|object|number|list|file|directory|digest|archive)\b(?! of)/g,
    better: 'is not a …',
  },
  { pattern: /\bthen (?:the same )?again['`.]/g, better: 'then run it again' },
];

/** The same, in documents alone. */
const turnsOfDocuments: typeof turns = [
  { pattern: /\bWhoever\b/g, better: 'everybody who …' },
  { pattern: /\b(?:is|are|was|were) (?:told|said)\b/g, better: 'slipway prints …' },
  { pattern: /\bof which (?:nothing|nobody|no)\b/g, better: 'a sentence of its own' },
  { pattern: /\bWhatever\b|\bwhatever (?:it|he|they)\b/g, better: 'in every case …' },
  { pattern: /\bhas (?:a|each|every|the) \w+ (?:fail|run|end)\b/g, better: 'with it … fails' },
  { pattern: /(?<=[.!?]\s|\n\n)(?:What|Who|Whose) [a-z]+/g, better: 'a noun or an actor first' },
];

/** The packages whose comments were made plain. Files ending with `_pb` are generated. */
const PLAIN =
  /^(?:tools\/(?:model|catalog|cli|plan|run|facts|freshness|inspect|nx-plugin|scaffold|adapters|bench)\/src|tools\/testing|hack|build|components)\/.*(?<!_pb)\.(?:ts|go)$/;
/** In a comment, a clause as the subject, or an attribute before its noun. */
const CLAUSE_FIRST =
  /^(?<before>\s*(?:\/\*\*|\/\/|\*)(?:\s|.*[.!?] ))(?:What|Who|Whoever|Whatever|Whose|Of (?:a|an|the|each|what|those)) [a-z]+/gm;

/** Where the text of users is: what is printed, and what is read. Tests and history may quote. */
const SPOKEN =
  /^(?:tools\/(?!testing\/|bench\/)[\w-]+\/src\/.*(?<!\.test)\.ts|docs\/.*\.md|(?:README|CONTRIBUTING|SECURITY)\.md)$/;
/** tools/SECURITY.md quotes titles of tests. */
const READ = /^(?!tools\/SECURITY\.md$)(?:.*\/)?(?:docs\/.*|[\w-]+)\.md$/;
/** Words of a sentence in documents. */
const LONGEST = 36;

/** Messages and documents have none of the listed phrases, and documents have no long sentences. */
export const words: Check = (tree) => {
  const paths = tree
    .list()
    .filter((path) => (SPOKEN.test(path) || READ.test(path) || PLAIN.test(path)) && !path.includes('/fixtures/'));
  Problems.throwIfAny(
    paths.flatMap((path) => {
      const text = tree.read(path);
      if (READ.test(path))
        return [...turnsIn(path, text, [...turns, ...turnsOfDocuments]), ...longSentences(path, text)];
      return [
        ...(SPOKEN.test(path) ? turnsIn(path, text, turns) : []),
        ...(PLAIN.test(path) ? clausesIn(path, text) : []),
      ];
    }),
  );
};

const clausesIn = (path: string, text: string): Problem[] =>
  [...text.matchAll(CLAUSE_FIRST)].map((match) => ({
    path,
    line: lineOf(text, match.index),
    what: `"${match[0].slice(match.groups!['before']!.length)} …" slows a reader; better: a noun or an actor first`,
  }));

const turnsIn = (path: string, text: string, these: typeof turns): Problem[] =>
  these.flatMap(({ pattern, better }) =>
    [...text.matchAll(pattern)].map((match) => ({
      path,
      line: lineOf(text, match.index),
      what: `"${match[0]}" slows a reader; better: ${better}`,
    })),
  );

function longSentences(path: string, text: string): Problem[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, (code) => code.replaceAll(/[^\n]/g, ''));
  return [...prose.matchAll(/(?:^|\n)(?![|#])[^\n|#][\s\S]*?(?=\n\s*\n|\n[-|#]|$)/g)].flatMap((paragraph) =>
    paragraph[0].split(/(?<=[.:;!?])\s/).flatMap((sentence) => {
      const count = sentence.split(/\s+/).filter(Boolean).length;
      if (count <= LONGEST) return [];
      const line = lineOf(prose, paragraph.index + 1);
      return [
        { path, line, what: `a sentence of ${count} words, more than ${LONGEST}: ${sentence.trim().slice(0, 60)}…` },
      ];
    }),
  );
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;
