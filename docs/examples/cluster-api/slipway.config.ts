import type { Config } from 'slipway';

export default {
  targets: [
    { path: 'core', name: 'manager' },
    { path: 'bootstrap/kubeadm', name: 'kubeadm-bootstrap-manager' },
    { path: 'controlplane/kubeadm', name: 'kubeadm-control-plane-manager' },
  ],
} satisfies Config;
