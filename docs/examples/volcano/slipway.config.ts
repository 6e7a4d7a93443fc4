import type { Config } from 'slipway';

const words = 'agent agent-scheduler controller-manager hypernode-controller-manager scheduler webhook-manager';
export default {
  targets: [
    ...words.split(' ').map((word) => ({ path: `cmd/${word}`, name: `vc-${word}`, static: true })),
    { path: 'cmd/cli', name: 'vcctl', static: true },
  ],
  stamps: { 'pkg/version.GitSHA': '{commit}', 'pkg/version.Built': '{date}', 'pkg/version.Version': '{commit}' },
} satisfies Config;
