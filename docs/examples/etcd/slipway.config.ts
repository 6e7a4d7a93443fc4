import type { Config } from 'slipway';

export default {
  targets: [{ path: 'server', name: 'etcd' }],
  stamps: { 'go.etcd.io/etcd/api/v3/version.GitSHA': '{shortCommit}' },
} satisfies Config;
