import type { RemoteCache } from '@slipway/adapters';
import type { SharedCacheSettings } from '@slipway/freshness';

/** A transfer must make so many bytes a second. */
const SLOWEST = 8 * 2 ** 20;

/** gRPC is loaded only where a cache is shared. */
export async function openRemoteCache(settings: SharedCacheSettings): Promise<RemoteCache> {
  const { realRemoteCache } = await import('@slipway/adapters/remote-cache');
  return realRemoteCache({ ...settings, pace: { bytesPerSecond: SLOWEST, grace: settings.patience } });
}
