import type { Config } from 'slipway';

const words = 'agent agent-scheduler controller-manager hypernode-controller-manager scheduler webhook-manager';
export default {
  targets: [
    ...words.split(' ').map((word) => ({ path: `cmd/${word}`, name: `vc-${word}`, static: true })),
    { path: 'cmd/cli', name: 'vcctl', static: true },
  ],
} satisfies Config;
