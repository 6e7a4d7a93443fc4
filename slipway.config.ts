import type { Config, ConfigSet } from './tools/catalog/src/config.ts';

interface Component {
  /** Its directory below components/cmd. */
  readonly name: string;
  /** What it ships in. */
  readonly sets: readonly ('server' | 'node' | 'client')[];
  /** Built with cgo where there is a C compiler. */
  readonly cgo?: true;
}

/** The components of this repository: one row each. Everything else is derived from here. */
const components: readonly Component[] = [
  { name: 'kube-apiserver', sets: ['server'] },
  { name: 'kube-controller-manager', sets: ['server'] },
  { name: 'kube-scheduler', sets: ['server'] },
  { name: 'kube-proxy', sets: ['server', 'node'] },
  // It looks users and hosts up through libc.
  { name: 'kubelet', sets: ['server', 'node'], cgo: true },
  { name: 'kubectl', sets: ['client'] },
];

const linux = ['linux/amd64', 'linux/arm64', 'linux/s390x', 'linux/ppc64le'] as const;

const set = (name: Component['sets'][number], platforms: readonly string[]): ConfigSet => ({
  targets: components.filter(({ sets }) => sets.includes(name)).map((component) => `components/cmd/${component.name}`),
  platforms,
});

export default {
  goPackage: 'slipway.example/components',
  sets: {
    server: set('server', linux),
    node: set('node', [...linux, 'windows/amd64']),
    client: set('client', [
      ...linux,
      'linux/386',
      'linux/arm',
      'darwin/amd64',
      'darwin/arm64',
      'windows/amd64',
      'windows/386',
      'windows/arm64',
    ]),
    test: {
      targets: ['components/test/e2e/e2e.test'],
      platforms: [...linux, 'darwin/amd64', 'darwin/arm64', 'windows/amd64', 'windows/arm64'],
    },
  },
  static: components.filter(({ cgo }) => cgo === undefined).map(({ name }) => name),
  integrationTests: ['components/test/integration'],
  integrationSets: ['server', 'client'],
  release: {
    name: 'slipway',
    registry: 'slipway.example',
    // What runs without libc.
    images: components.filter(({ sets, cgo }) => sets.includes('server') && cgo === undefined).map(({ name }) => name),
    files: ['README.md', 'components/README.md'],
    portable: ['components/test'],
  },
  versionPackages: ['slipway.example/component-base/version'],
  generators: 'hack/generators',
  verify: { checks: ['go-mod', 'go-work', 'yaml', 'json', 'shellcheck', 'codegen'] },
} satisfies Config;
