import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBinary } from '@slipway/adapters';
import type { Environment } from '@slipway/model';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { Repo } from '../src/repo-rig.ts';

/** The stamped values besides the build date; a field that is unknown is absent. */
type Fields = Partial<Record<'gitCommit' | 'gitTreeState' | 'gitVersion' | 'gitMajor' | 'gitMinor', string>>;

interface Row {
  readonly state: string;
  /** Checked out. */
  readonly at: string;
  readonly prepare?: () => void;
  readonly env?: Environment;
  /** Tree state, version, major.minor; the commit is the one checked out. Undefined: the version is none, nothing is built. */
  readonly expected: string | Fields | undefined;
  /** Also in the binary. */
  readonly built?: true;
}

const date = { SOURCE_DATE_EPOCH: '1700000000' };
const buildDate = '2023-11-14T22:13:20Z';

/** One repository in one place, as its path is in the flags of profile make and each path compiles Go's library anew. */
let tree: Repo;

beforeAll(() => {
  tree = new Repo('vendored').init();
  const branch = (tag: string, more: number, ...annotated: string[]): void => {
    tree.git('checkout', '--quiet', '-b', `after-${tag}`, 'main');
    tree.commit(`the commit of ${tag}`).git('tag', ...annotated, tag);
    for (let count = 1; count <= more; count += 1) tree.commit(`${count} after ${tag}`);
  };
  branch('v1.14.8', 3);
  branch('v1.15.0-alpha.0', 5, '--annotate', '--message=alpha');
  branch('v1.15.0-rc.1-hot', 2);
  branch('mytag', 2);
  branch('vNext', 0);
});
afterAll(() => tree[Symbol.asyncDispose]());

const touchTracked = (): void => appendFileSync(tree.path('Makefile'), '# changed\n');
const addUntracked = (): void => void tree.write({ 'untracked.txt': 'new\n' });

/** The tree as `git archive` gives it: the scripts filled in, and no repository. */
const exportArchive = (): void => {
  const tar = execFileSync('git', ['archive', 'HEAD', 'hack/lib/version.sh'], { cwd: tree.dir, env: tree.env });
  execFileSync('tar', ['-x'], { cwd: tree.dir, input: tar });
  renameSync(tree.path('.git'), tree.path('../git'));
};

/** The tree as a clone of depth one, which `git clone` gives without tags but for one on the commit itself. */
const makeShallow = (): void => {
  tree.git(
    'clone',
    '--quiet',
    '--depth=1',
    '--branch',
    tree.git('describe', '--all', '--exact-match').replace(/^(heads|tags)\//, ''),
    `file://${tree.dir}`,
    '../shallow',
  );
  renameSync(tree.path('.git'), tree.path('../git'));
  renameSync(tree.path('../shallow/.git'), tree.path('.git'));
};

const versionFile = [
  "KUBE_GIT_COMMIT='0123456789abcdef0123456789abcdef01234567'",
  "KUBE_GIT_TREE_STATE='archive'",
  "KUBE_GIT_VERSION='v3.4.5-beta.0'",
  "KUBE_GIT_MAJOR='3'",
  "KUBE_GIT_MINOR='4+'",
  '',
].join('\n');

const rows: readonly Row[] = [
  { state: 'a tag, clean', at: 'v1.14.8', built: true, expected: 'clean v1.14.8 1.14' },
  {
    state: 'a tag, a tracked file changed',
    at: 'v1.14.8',
    prepare: touchTracked,
    expected: 'dirty v1.14.8-dirty 1.14+',
  },
  { state: 'a tag, an untracked file', at: 'v1.14.8', prepare: addUntracked, expected: 'dirty v1.14.8-dirty 1.14+' },
  { state: 'three commits after a tag, clean', at: 'after-v1.14.8', expected: 'clean v1.14.8-3+<short> 1.14+' },
  {
    state: 'three commits after a tag, dirty',
    at: 'after-v1.14.8',
    prepare: addUntracked,
    built: true,
    expected: 'dirty v1.14.8-3+<short>-dirty 1.14+',
  },
  { state: 'an alpha tag itself', at: 'v1.15.0-alpha.0^{commit}', expected: 'clean v1.15.0-alpha.0 1.15+' },
  {
    state: 'five commits after an alpha tag',
    at: 'after-v1.15.0-alpha.0',
    built: true,
    expected: 'clean v1.15.0-alpha.0.5+<short> 1.15+',
  },
  {
    state: 'five commits after an alpha tag, dirty',
    at: 'after-v1.15.0-alpha.0',
    prepare: touchTracked,
    expected: 'dirty v1.15.0-alpha.0.5+<short>-dirty 1.15+',
  },
  {
    state: 'four dashes: left as it is',
    at: 'after-v1.15.0-rc.1-hot',
    expected: 'clean v1.15.0-rc.1-hot-2-g<short> 1.15+',
  },
  { state: 'no tag at all', at: 'main', built: true, expected: 'clean' },
  { state: "a tag that the tree's pattern leaves out", at: 'after-mytag', expected: 'clean' },
  {
    state: 'a tag that is no version, in a tree that takes any tag',
    at: 'after-mytag',
    prepare: () =>
      void tree.write({ 'hack/lib/version.sh': tree.read('hack/lib/version.sh').replace("--match='v*' ", '') }),
    expected: undefined,
  },
  { state: 'a tag that only begins as a version', at: 'vNext', expected: undefined },
  { state: 'a shallow clone without the tag', at: 'after-v1.14.8', prepare: makeShallow, expected: 'clean' },
  { state: 'a shallow clone of the tag', at: 'v1.14.8', prepare: makeShallow, expected: 'clean v1.14.8 1.14' },
  {
    state: 'an archive of a tag',
    at: 'v1.14.8',
    prepare: exportArchive,
    built: true,
    expected: 'archive v1.14.8 1.14',
  },
  { state: 'an archive of another commit', at: 'after-v1.14.8', prepare: exportArchive, expected: 'archive' },
  {
    state: 'an archive of a tag, whatever the environment says',
    at: 'v1.14.8',
    prepare: exportArchive,
    env: { KUBE_GIT_COMMIT: 'abcdef', KUBE_GIT_TREE_STATE: 'clean', KUBE_GIT_VERSION: 'v9.9.9' },
    expected: 'archive v1.14.8 1.14',
  },
  {
    state: 'no repository',
    at: 'main',
    prepare: () => renameSync(tree.path('.git'), tree.path('../git')),
    expected: {},
  },
  {
    state: 'a version file, with its own words for everything',
    at: 'after-v1.14.8',
    prepare: () => void tree.write({ 'version.txt': versionFile }),
    env: { KUBE_GIT_VERSION_FILE: 'version.txt', KUBE_GIT_VERSION: 'v9.9.9' },
    expected: {
      gitCommit: '0123456789abcdef0123456789abcdef01234567',
      gitTreeState: 'archive',
      gitVersion: 'v3.4.5-beta.0',
      gitMajor: '3',
      gitMinor: '4+',
    },
  },
  {
    state: 'KUBE_GIT_TREE_STATE',
    at: 'v1.14.8',
    prepare: touchTracked,
    env: { KUBE_GIT_TREE_STATE: 'clean' },
    expected: 'clean v1.14.8 1.14',
  },
  {
    state: 'KUBE_GIT_VERSION',
    at: 'after-v1.14.8',
    env: { KUBE_GIT_VERSION: 'v2.0.0-7-g0123456789abcd' },
    expected: 'clean v2.0.0-7+0123456789abcd 2.0+',
  },
  {
    state: 'KUBE_GIT_VERSION in a dirty tree',
    at: 'main',
    prepare: touchTracked,
    env: { KUBE_GIT_VERSION: 'v2.0.0' },
    expected: 'dirty v2.0.0-dirty 2.0+',
  },
  {
    state: 'KUBE_GIT_VERSION that is none',
    at: 'v1.14.8',
    env: { KUBE_GIT_VERSION: 'mytag-2-g0123456789abcd' },
    expected: undefined,
  },
];

function fieldsOf(expected: string, gitCommit: string): Fields {
  const [gitTreeState = '', gitVersion, numbers] = expected.replace('<short>', gitCommit.slice(0, 14)).split(' ');
  if (gitVersion === undefined) return { gitCommit, gitTreeState };
  const [gitMajor = '', gitMinor = ''] = (numbers ?? '').split('.');
  return { gitCommit, gitTreeState, gitVersion, gitMajor, gitMinor };
}

/** Back to a clean checkout, with the repository in its place. */
function checkOut(at: string): void {
  if (existsSync(tree.path('../git'))) {
    rmSync(tree.path('.git'), { recursive: true, force: true });
    renameSync(tree.path('../git'), tree.path('.git'));
  }
  rmSync(tree.path('../shallow'), { recursive: true, force: true });
  tree.git('checkout', '--quiet', '--force', '--detach', at);
  tree.git('clean', '-dfq', '--exclude=_output');
}

/** The same question to the tree's own scripts. */
function askScripts(env: Environment): Fields | undefined {
  const names = ['gitCommit', 'gitTreeState', 'gitVersion', 'gitMajor', 'gitMinor'] as const;
  const script = `source hack/lib/init.sh
    kube::version::get_version_vars
    printf '%s\\n' "\${KUBE_GIT_COMMIT-}" "\${KUBE_GIT_TREE_STATE-}" "\${KUBE_GIT_VERSION-}" "\${KUBE_GIT_MAJOR-}" "\${KUBE_GIT_MINOR-}"`;
  const { status, stdout } = spawnSync('bash', ['-c', script], {
    cwd: tree.dir,
    env: { ...tree.env, ...env },
    encoding: 'utf8',
  });
  const values = stdout.split('\n');
  return status === 0
    ? Object.fromEntries(names.flatMap((name, index) => (values[index] ? [[name, values[index]]] : [])))
    : undefined;
}

/** What -X flags of a binary say of one package. */
async function stampsOf(path: string): Promise<Record<string, string>> {
  const { goBuildInfo } = await readBinary(tree.path(path));
  const flags = [
    ...(goBuildInfo?.settings['-ldflags'] ?? '').matchAll(
      /-X 'shape\.example\/component-base\/version\.(\w+)=([^']*)'/g,
    ),
  ];
  return Object.fromEntries(flags.map(([, name, value]) => [name, value]));
}

describe('the version fields of contract 2.6', () => {
  test.each(rows)('$state', async ({ at, prepare, env = {}, expected, built }) => {
    checkOut(at);
    const commit = tree.git('rev-parse', 'HEAD');
    prepare?.();
    const fields = typeof expected === 'string' ? fieldsOf(expected, commit) : expected;
    expect(askScripts(env)).toEqual(fields);
    if (fields === undefined) {
      for (const profile of ['make', 'release']) {
        const refused = await tree.slipway(['kubectl', '--profile', profile], { env });
        expectFailure(refused, 'BAD_VERSION', { hint: 'KUBE_GIT_VERSION=vX.Y.Z' });
      }
      return;
    }
    const asked = await tree.slipway(['version', '--json', '--profile', 'make'], { env: { ...date, ...env } });
    expectDone(asked);
    expect((JSON.parse(asked.stdout) as { stamped: object }).stamped).toEqual({ ...fields, buildDate });
    if (built) {
      expectDone(await tree.slipway(['kubectl', '--profile', 'make'], { env: { ...date, ...env } }));
      expect(await stampsOf(tree.published('kubectl'))).toEqual({ ...fields, buildDate });
    }
  });
});
