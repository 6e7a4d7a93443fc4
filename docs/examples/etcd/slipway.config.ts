import type { Config } from 'slipway';

export default {
  targets: [{ path: 'server', name: 'etcd' }],
} satisfies Config;
