import type { Config } from 'slipway';

export default {
  exclude: ['cmd/yurt-tunnel-agent', 'cmd/yurt-tunnel-server'],
} satisfies Config;
