import type Docker from 'dockerode';
import { FailureError, type Platform } from '@slipway/model';
import type { EngineDescription } from './port.ts';

/** Docker 19.03 and podman 4: commands with their own directory and environment, and an init. */
const API_NEEDED = '1.40';

/** Throws ENGINE_TOO_OLD. */
export async function describe(docker: Docker): Promise<EngineDescription> {
  const version = await docker.version();
  const name = version.Components?.[0]?.Name === 'Podman Engine' ? 'podman' : 'Docker';
  if (compareVersions(version.ApiVersion, API_NEEDED) < 0)
    throw new FailureError({
      code: 'ENGINE_TOO_OLD',
      version: `${name} ${version.Version}`,
      has: version.ApiVersion,
      needs: API_NEEDED,
    });
  const info = (await docker.info()) as { MemTotal?: number; SecurityOptions?: readonly string[] };
  return {
    version: `${name} ${version.Version}`,
    platform: `${version.Os}/${version.Arch}` as Platform,
    memory: info.MemTotal ?? 0,
    rootless: info.SecurityOptions?.includes('name=rootless') ?? false,
  };
}

function compareVersions(a: string, b: string): number {
  const [first = 0, second = 0] = a.split('.').map(Number);
  const [other = 0, another = 0] = b.split('.').map(Number);
  return first - other || second - another;
}
