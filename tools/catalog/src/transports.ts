import type { Transport } from '@slipway/model';

/** Ways to get the tree into the build container (`--sync`). */
export const transports = {
  tar: 'a tar of what changed, through a command in the build container',
  rsync: 'to a daemon in a container of its own, through KUBE_RSYNC_PORT',
  'rsync-exec': 'rsync through a command in the build container, without a port',
  bind: 'a mount of the tree, if the engine is on this machine',
} as const satisfies Readonly<Record<Transport, string>>;
