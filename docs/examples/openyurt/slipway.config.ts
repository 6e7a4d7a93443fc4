import type { Config } from 'slipway';

export default {
  exclude: ['cmd/yurt-tunnel-agent', 'cmd/yurt-tunnel-server'],
  stamps: {
    'pkg/projectinfo.gitVersion': '{version}',
    'pkg/projectinfo.gitCommit': '{commit}',
    'pkg/projectinfo.buildDate': '{date}',
  },
} satisfies Config;
