import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type ScriptViews, realCommandRunner, realGitReader } from '@slipway/adapters';
import type { CheckKind, Platform, Tree } from '@slipway/model';
import { readChecks } from './checks.ts';
import { openDisk } from './disk.ts';

/**
 * In the form of Kubernetes' script: constant colours, a library function that runs and records each script, patterns.
 */
const verifyScript = `set -o errexit
set -o nounset
KUBE_ROOT=$(dirname "\${BASH_SOURCE[0]}")/../..
source "\${KUBE_ROOT}/hack/lib/util.sh"
source "\${KUBE_ROOT}/third_party/sh2ju.sh"
EXCLUDED_PATTERNS=("verify-all.sh" "verify-slow.sh")
if [[ \${EXCLUDE_GODEP:-} =~ ^[yY]$ ]]; then EXCLUDED_PATTERNS+=("verify-vendor.sh"); fi
QUICK_PATTERNS+=("verify-one.sh" "verify-none.sh")
while IFS='' read -r line; do EXCLUDED+=("$line"); done < <(ls "\${EXCLUDED_PATTERNS[@]/#/\${KUBE_ROOT}/hack/}" 2>/dev/null || true)
while IFS='' read -r line; do QUICKS+=("$line"); done < <(ls "\${QUICK_PATTERNS[@]/#/\${KUBE_ROOT}/hack/}" 2>/dev/null || true)
function among { local e; for e in "\${@:2}"; do if [[ $1 -ef "\${e}" ]]; then return; fi; done; return 1; }
function run-cmd { juLog -output=/tmp -class="verify" -fail="^ERROR: " "$@" && tr=$? || tr=$?; return \${tr}; }
function run-checks {
  local t
  for t in $1; do
    if among "$t" "\${EXCLUDED[@]}"; then echo "Skipping $t"; continue; fi
    if \${QUICK} && ! among "$t" "\${QUICKS[@]}"; then continue; fi
    run-cmd "$2" "$t" && echo -e "\${color_green:?}SUCCESS"
  done
}
run-checks "\${KUBE_ROOT}/hack/verify-*.sh" bash
run-checks "\${KUBE_ROOT}/hack/verify-*.py" python3
exit 0
`;
const updateScript = `source "$(dirname "\${BASH_SOURCE[0]}")/../lib/util.sh"
for t in update-two update-one; do
  if ! bash "hack/\${t}.sh" 1> /dev/null; then exit 1; fi
done
`;

/** The parts of a tree that reading checks needs. */
const treeOf = ({ root, own }: { root: string; own: readonly string[] | 'all' }): Tree =>
  ({
    ...{ root, moduleMode: 'module', modules: [{ dir: '.', path: 'm' }], sets: {}, vendored: false },
    ...{
      workFile: undefined,
      generatorsDir: undefined,
      checks: { keptOnline: {}, budget: {}, own: own === 'all' ? undefined : own },
    },
  }) as unknown as Tree;

class Scripts implements Disposable {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-checks-')));

  constructor(...paths: readonly string[]) {
    for (const path of paths) this.write(path, 'touch "$0.ran"\n');
  }

  write(path: string, text: string): this {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
    return this;
  }

  read(
    kind: CheckKind,
    variables: Record<string, string> = {},
    { quick = false, traces = true, own = [] as readonly string[] | 'all' } = {},
  ) {
    const views: Pick<ScriptViews, 'abilities'> = { abilities: async () => ({ view: 'overlay', traces }) };
    const runner = realCommandRunner();
    return readChecks({
      ...{ root: this.root, disk: openDisk(), kind, quick, variables, scratch: join(this.root, '../none') },
      ...{ environment: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' }, output: join(this.root, '_output') },
      ...{ platform: 'linux/amd64' as Platform, program: ['/check-tree.mjs', '/slipway.mjs'] },
      tree: treeOf({ root: this.root, own }),
      services: { runner, git: realGitReader(runner), views: views as ScriptViews },
    });
  }

  async names(...asked: Parameters<Scripts['read']>): Promise<string[]> {
    return (await this.read(...asked)).scripts.map(({ name }) => name);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const some = ['all', 'one', 'slow', 'vendor', 'two-dockerized'].map((name) => `hack/verify-${name}.sh`);

test('scripts are found by name, those of bash first, and scripts that run others are left out', async () => {
  using tree = new Scripts(
    ...some,
    'hack/verify-flags.py',
    'hack/verify-a.ts',
    'hack/verify-notes.md',
    'hack/lib/verify-x.sh',
  );
  const { scripts, skipped } = await tree.read('verify');
  expect(scripts.map(({ name, path }) => [name, path])).toEqual([
    ['one', 'hack/verify-one.sh'],
    ['slow', 'hack/verify-slow.sh'],
    ['vendor', 'hack/verify-vendor.sh'],
    ['flags', 'hack/verify-flags.py'],
    ['a', 'hack/verify-a.ts'],
  ]);
  expect(scripts.map(({ program }) => /[^/]+$/.exec(program)![0])).toEqual(['bash', 'bash', 'bash', 'python3', 'node']);
  expect(skipped.map(({ name }) => name)).toEqual(['all', 'two-dockerized']);
});

test('a tree with make rules says which scripts it runs, which are quick, and their order, and slipway runs no script to learn that', async () => {
  using tree = new Scripts(
    ...some,
    'hack/verify-flags.py',
    'hack/update-one.sh',
    'hack/update-two.sh',
    'hack/update-rare.sh',
  );
  tree.write('hack/lib/util.sh', 'declare -r color_green="x"\nreadonly color_green\n');
  tree.write('third_party/sh2ju.sh', 'function juLog() { eval "$*"; }\n');
  tree.write('hack/make-rules/verify.sh', verifyScript).write('hack/make-rules/update.sh', updateScript);
  expect(await tree.names('verify')).toEqual(['one', 'two-dockerized', 'vendor', 'flags']);
  expect(await tree.names('verify', { EXCLUDE_GODEP: 'y' })).toEqual(['one', 'two-dockerized', 'flags']);
  expect(await tree.names('verify', {}, { quick: true })).toEqual(['one']);
  expect(await tree.names('verify', { WHAT: 'slow' })).toEqual(['slow']);
  expect(await tree.names('verify', { EXCLUDE: 'one flags' })).toEqual(['two-dockerized', 'vendor']);
  expect(await tree.names('update')).toEqual(['two', 'one']);
  expect((await tree.read('verify')).updates).toEqual(['one', 'rare', 'two', 'gofmt', 'go-mod', 'codegen']);
  expect(
    openDisk()
      .listDirectory(join(tree.root, 'hack'))
      .files.filter((name) => name.endsWith('.ran')),
  ).toEqual([]);
});

test('a word that matches no script is reported with the nearest one', async () => {
  using tree = new Scripts(...some);
  expect((await tree.read('verify', { WHAT: 'one vendr' })).unknown).toEqual([{ word: 'vendr', nearest: 'vendor' }]);
});

test('without observation all files of the tree except the output are inputs', async () => {
  using tree = new Scripts('hack/verify-one.sh', 'a/b.txt', '_output/x');
  const { untraced } = await tree.read('verify', {}, { traces: false });
  expect(untraced?.files).toEqual(['a/b.txt', 'hack/verify-one.sh']);
});

const all = { own: 'all' } as const;

test("slipway's own checks run in any tree, and checks that do not apply give the reason", async () => {
  using tree = new Scripts('hack/verify-boilerplate.sh');
  const { scripts, skipped } = await tree.read('verify', { EXCLUDE: 'shellcheck' }, all);
  expect(scripts.map(({ name, own }) => (own === undefined ? `script ${name}` : name))).toEqual([
    'script boilerplate',
    ...['gofmt', 'go-mod', 'import-restrictions', 'yaml', 'json', 'typecheck'],
  ]);
  expect(Object.fromEntries(skipped.map(({ name, why }) => [name, why]))).toEqual({
    'go-work': 'the tree has no go.work',
    vendor: 'there is no vendor/modules.txt',
    codegen: 'slipway.config.ts names no module of generators',
    shellcheck: 'EXCLUDE names it',
  });
  expect(await tree.names('verify', {}, { ...all, quick: true })).toEqual(['boilerplate', 'gofmt', 'yaml', 'json']);
  expect(await tree.names('update', {}, all)).toEqual(['gofmt', 'go-mod']);
  expect((await tree.read('verify', {}, all)).updates).toEqual(['gofmt', 'go-mod', 'codegen']);
});

test("in a tree that lists its checks, slipway's own checks run only by name, and verify.checks selects those of a tree", async () => {
  using tree = new Scripts(...some);
  tree.write('hack/lib/util.sh', 'color_green=x\n').write('third_party/sh2ju.sh', 'function juLog() { eval "$*"; }\n');
  expect(await tree.names('verify', {}, { own: ['yaml'] })).toEqual(['one', 'slow', 'vendor', 'yaml']);
  tree.write('hack/make-rules/verify.sh', verifyScript);
  const { scripts, skipped } = await tree.read('verify', {}, all);
  expect(scripts.map(({ name }) => name)).toEqual(['one', 'two-dockerized', 'vendor']);
  expect(skipped).toContainEqual({
    name: 'gofmt',
    why: 'hack/make-rules/verify.sh says what runs; WHAT=gofmt runs it',
  });
  expect(await tree.names('verify', { WHAT: 'gofmt one' }, { own: [] })).toEqual(['one', 'gofmt']);
});
