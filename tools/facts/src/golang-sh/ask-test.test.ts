import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realCommandRunner } from '@slipway/adapters';
import type { Environment } from '@slipway/model';
import { askTest } from './ask-test.ts';
import { openDisk } from '../disk.ts';

/** In the form of Kubernetes' script: it makes a GOPATH, searches for packages there, and exports variables. */
const script = `#!/usr/bin/env bash
set -o errexit
set -o nounset
KUBE_ROOT=$(dirname "\${BASH_SOURCE[0]}")/../..
source "\${KUBE_ROOT}/hack/lib/init.sh"
KUBE_DETECTOR="\${KUBE_DETECTOR:-true}"
export KUBE_DETECTOR
KUBE_RACE=\${KUBE_RACE-"-race"}
find_dirs() { find . -name '*_test.go' -print0 | xargs -0n1 dirname | sort; }
packages=("$@")
if [[ \${#packages[@]} -eq 0 ]]; then
  while IFS= read -r line; do packages+=("$line"); done < <(find_dirs)
fi
for package in "\${packages[@]}"; do [[ -d "\${GOPATH}/src/k8s.example/mono/$package" ]] || exit 1; done
rm -rf "\${KUBE_ROOT}/pkg"
go test \${KUBE_RACE:+"$KUBE_RACE"} -timeout 120s "\${packages[@]}" | grep ok
`;
const library = `
KUBE_OUTPUT="\${KUBE_ROOT}/\${KUBE_OUTPUT_SUBPATH:-_output/local}"
export KUBE_OF_THE_LIBRARY=1
go version >/dev/null
mkdir -p "\${KUBE_OUTPUT}/go/src/k8s.example"
ln -snf "$PWD" "\${KUBE_OUTPUT}/go/src/k8s.example/mono"
export GOPATH="\${KUBE_OUTPUT}/go"
`;

const root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-test-script-')));

beforeAll(() => {
  const files = {
    'hack/make-rules/test.sh': script,
    'hack/lib/init.sh': library,
    'pkg/a/a_test.go': '',
    'pkg/b/c/c_test.go': '',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ask = (words: readonly string[], variables: Environment = {}) =>
  askTest({
    ...{ root, disk: openDisk(), words, variables, runner: realCommandRunner() },
    environment: { PATH: process.env['PATH']!, TMPDIR: root },
  });

test('the script of a tree names its packages and flags, and writes nothing', async () => {
  expect(await ask([])).toEqual({
    flags: ['-race', '-timeout=120s'],
    packages: ['./pkg/a', './pkg/b/c'],
    environment: { KUBE_DETECTOR: 'true' },
  });
  expect(readdirSync(root).sort()).toEqual(['hack', 'pkg']);
});

test("the script gets the user's variables, including empty ones", async () => {
  expect(await ask(['./pkg/a'], { KUBE_RACE: '', KUBE_DETECTOR: 'false' })).toEqual({
    flags: ['-timeout=120s'],
    packages: ['./pkg/a'],
    environment: { KUBE_DETECTOR: 'false' },
  });
});

test('a script that does not call go test is refused with its output', async () => {
  await expect(ask(['./pkg/none'])).rejects.toMatchObject({
    failures: [{ code: 'BAD_SCRIPT', file: 'hack/make-rules/test.sh' }],
  });
});

test('a tree without such a script has no answer', async () => {
  expect(
    await askTest({
      root: join(root, 'pkg'),
      disk: openDisk(),
      words: [],
      variables: {},
      environment: {},
      runner: realCommandRunner(),
    }),
  ).toBeUndefined();
});
