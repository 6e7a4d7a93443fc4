import { Problems, type Check } from './check.ts';

/** Each of these would tie the repository to one registry or one machine. */
const forbidden: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  {
    pattern: /\b(?:registry\.(?:npmjs\.org|yarnpkg\.com|npmmirror\.com)|npm\.pkg\.github\.com)\b/g,
    what: 'a package registry',
  },
  { pattern: /\b(?:proxy|sum|index)\.golang\.org\b|\bgoproxy\.\w+\b|\bgoproxy\.io\b/g, what: 'a Go module proxy' },
  {
    pattern: /\b(?:registry-1\.docker\.io|index\.docker\.io|registry\.k8s\.io|ghcr\.io|quay\.io)\b/g,
    what: 'an image registry',
  },
  { pattern: /(?<![\w.@/-])\/(?:work|root|home\/\w+|Users\/\w+)\/[\w.]/g, what: 'a path of one machine' },
];

interface Allowed {
  readonly path: RegExp;
  readonly text: RegExp;
  readonly why: string;
}

const allowed: readonly Allowed[] = [
  {
    path: /^tools\/adapters\/src\/go\//,
    text: /^proxy\.golang\.org$/,
    why: "Go's documented default of GOPROXY, for a machine without Go to ask; the user's setting goes first",
  },
  { path: /^hack\/lib\/hosts(?:\.test)?\.ts$/, text: /./, why: 'names what it looks for' },
];

/** No committed text names a registry host or a path of one machine. */
export const hosts: Check = (tree) => {
  const problems = tree.list().flatMap((path) => {
    const text = tree.read(path);
    if (text.includes('\0')) return [];
    return forbidden.flatMap(({ pattern, what }) =>
      [...text.matchAll(pattern)]
        .filter(([found]) => !allowed.some((entry) => entry.path.test(path) && entry.text.test(found)))
        .map((match) => ({
          path,
          line: text.slice(0, match.index).split('\n').length,
          what: `${match[0]} is ${what}`,
        })),
    );
  });
  Problems.throwIfAny(problems);
};
