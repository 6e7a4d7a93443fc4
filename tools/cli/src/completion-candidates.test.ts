import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Tree } from '@slipway/model';
import { expect, test } from 'vitest';
import { candidatesFor } from './completion-candidates.ts';

const tree = {
  commands: ['kubectl', 'kubelet', 'kubeadm'].map((name) => ({ name, kind: 'main', target: `cmd/${name}` })),
  sets: { server: { platforms: ['linux/amd64', 'linux/arm64'] } },
} as unknown as Tree;

test.each([
  ['slipway release rep', ['reproduce']],
  ['slipway cache p', ['prune']],
  ['slipway completion ', ['bash', 'zsh', 'fish']],
  ['slipway graph ', ['check', 'inputs']],
  ['slipway all --profile ', ['dev', 'release', 'make']],
  ['slipway all --profile=re', ['release']],
  ['slipway test --sh', ['--shard']],
  ['slipway all --sh', []],
  ['slipway all WHAT=kubec', ['kubectl']],
  ['slipway all WHAT=cmd/kubec', ['cmd/kubectl']],
  ['slipway all WHAT="cmd/kubeadm kubec', ['cmd/kubeadm kubectl']],
  ["slipway all WHAT='cmd/kubeadm cmd/kubel", ['cmd/kubeadm cmd/kubelet']],
  ['slipway all KUBE_BUILD_PLATFORMS=linux/ar', ['linux/arm64']],
  ['slipway all KUBE_BUILD_PL', ['KUBE_BUILD_PLATFORMS=']],
  ['slipway kubea', ['kubeadm']],
])('%s', (line, expected) => {
  expect(candidatesFor(line, tree)).toEqual(expected);
});

test('bash replaces the word at the cursor and keeps quoted words before it', () => {
  const main = join(import.meta.dirname, 'main.ts');
  const script = `
    slipway() { '${process.execPath}' '${main}' "$@"; }
    eval "$(slipway completion bash)"
    COMP_LINE='slipway run --sync '; COMP_POINT=\${#COMP_LINE}
    _slipway; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/' });
  expect(said.trim().split('\n')).toEqual(['tar', 'rsync', 'rsync-exec', 'bind']);
});
