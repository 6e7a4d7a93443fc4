import type { Config } from './tools/catalog/src/config.ts';

const linux = ['linux/amd64', 'linux/arm64', 'linux/s390x', 'linux/ppc64le'] as const;

/** The components of this repository: one row each, in the sets they ship in. Everything else is derived from here. */
export default {
  goPackage: 'slipway.example/components',
  sets: {
    server: {
      targets: [
        'components/cmd/kube-apiserver',
        'components/cmd/kube-controller-manager',
        'components/cmd/kube-scheduler',
        'components/cmd/kube-proxy',
        'components/cmd/kubelet',
      ],
      platforms: linux,
    },
    node: {
      targets: ['components/cmd/kube-proxy', 'components/cmd/kubelet'],
      platforms: [...linux, 'windows/amd64'],
    },
    client: {
      targets: ['components/cmd/kubectl'],
      platforms: [
        ...linux,
        'linux/386',
        'linux/arm',
        'darwin/amd64',
        'darwin/arm64',
        'windows/amd64',
        'windows/386',
        'windows/arm64',
      ],
    },
    test: {
      targets: ['components/test/e2e/e2e.test'],
      platforms: [...linux, 'darwin/amd64', 'darwin/arm64', 'windows/amd64', 'windows/arm64'],
    },
  },
  // Not the kubelet: it looks users and hosts up through libc where there is a C compiler.
  static: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubectl'],
  integrationTests: ['components/test/integration'],
  integrationSets: ['server', 'client'],
  versionPackages: ['slipway.example/component-base/version'],
} satisfies Config;
