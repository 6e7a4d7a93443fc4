import type { Config } from 'slipway';

const words =
  'agent aggregated-apiserver controller-manager descheduler metrics-adapter scheduler scheduler-estimator webhook';
export default {
  exclude: ['cmd/service-name-resolution-detector-example'],
  targets: [
    ...words.split(' ').map((word) => ({ path: `cmd/${word}`, name: `karmada-${word}` })),
    { path: 'operator/cmd/operator', name: 'karmada-operator' },
  ],
} satisfies Config;
