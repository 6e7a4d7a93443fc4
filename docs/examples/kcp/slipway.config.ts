import type { Config } from 'slipway';

export default {
  exclude: ['cmd/compat', 'cmd/test-server', 'staging/src/github.com/kcp-dev/code-generator'],
} satisfies Config;
