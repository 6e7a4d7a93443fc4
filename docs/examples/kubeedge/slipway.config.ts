import type { Config } from 'slipway';

const platforms = ['linux/amd64', 'linux/arm64', 'linux/arm'];
const below = (dir: string, names: string): string[] => names.split(' ').map((name) => `${dir}/cmd/${name}`);
const edge = [...below('edge', 'edgecore edgemark'), ...below('edgesite', 'edgesite-agent edgesite-server')];
const cloud = below('cloud', 'cloudcore admission csidriver iptablesmanager controllermanager');
export default {
  sets: {
    server: { targets: cloud, platforms },
    node: { targets: edge, platforms },
    client: { targets: below('keadm', 'keadm'), platforms },
  },
} satisfies Config;
