import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '@slipway/model';

/** `user:password` in base64, as `docker login` keeps it. */
export type Credentials = string;

/** The credentials that `docker login` stored for a host. Credential helpers (`credsStore`) are not called. */
export async function credentialsOf(origin: string, environment: Environment): Promise<Credentials | undefined> {
  const directory = environment['DOCKER_CONFIG'] ?? join(environment['HOME'] ?? '/', '.docker');
  const text = await readFile(join(directory, 'config.json'), 'utf8').catch(() => '{}');
  try {
    const { auths } = JSON.parse(text) as { auths?: Record<string, { auth?: string }> };
    const host = new URL(origin).host;
    return auths?.[host]?.auth ?? auths?.[origin]?.auth;
  } catch {
    return undefined;
  }
}
