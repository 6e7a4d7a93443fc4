import type { Config } from 'slipway';

const names = ['acmesolver', 'cainjector', 'controller', 'startupapicheck', 'webhook'];
const platforms = ['linux/amd64', 'linux/arm64', 'linux/s390x', 'linux/ppc64le', 'linux/arm'];
export default {
  sets: { server: { targets: names.map((name) => `cmd/${name}`), platforms } },
  targets: names.map((name) => ({ path: `cmd/${name}`, name })),
  stamps: { 'pkg/util.AppVersion': '{describe}', 'pkg/util.AppGitCommit': '{commit}' },
  release: { registry: 'registry.example/jetstack', images: names },
} satisfies Config;
