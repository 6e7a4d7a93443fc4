import type { Config } from 'slipway';

export default {
  stamps: {
    'k8s.io/autoscaler/cluster-autoscaler/version.ClusterAutoscalerVersion': '{commit}',
    'k8s.io/autoscaler/vertical-pod-autoscaler/common.gitCommit': '{commit}',
  },
} satisfies Config;
