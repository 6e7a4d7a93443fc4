import type { Config } from 'slipway';

const base = 'k8s.io/component-base/version';
export default {
  exclude: ['cmd/compat', 'cmd/test-server', 'staging/src/github.com/kcp-dev/code-generator'],
  stamps: {
    [`${base}.gitCommit`]: '{shortCommit}',
    [`${base}.gitTreeState`]: '{treeState}',
    [`${base}.buildDate`]: '{date}',
  },
} satisfies Config;
