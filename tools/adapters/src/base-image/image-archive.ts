import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Environment } from '@slipway/model';
import { FILE_TIME, imageEnvironment } from './contents.ts';

interface ImageConfig {
  readonly reference: string;
  /** Docker's name: `amd64`. */
  readonly architecture: string;
  readonly labels: Environment;
}

/** Writes config.json and manifest.json beside the layers, for `docker load`. Returns all names in their order. */
export async function describeImage(
  directory: string,
  layers: readonly string[],
  { reference, architecture, labels }: ImageConfig,
): Promise<string[]> {
  const created = new Date(FILE_TIME * 1000).toISOString();
  const diffIds = await Promise.all(layers.map((layer) => sha256(join(directory, layer))));
  const config = {
    architecture,
    os: 'linux',
    created,
    config: {
      Env: Object.entries(imageEnvironment).map(([name, value]) => `${name}=${value}`),
      Cmd: ['/bin/bash'],
      WorkingDir: imageEnvironment.GOPATH,
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: diffIds.map((digest) => `sha256:${digest}`) },
    history: layers.map((layer) => ({ created, created_by: `slipway ${layer}` })),
  };
  const manifest = [{ Config: 'config.json', RepoTags: [reference], Layers: layers }];
  await writeFile(join(directory, 'config.json'), JSON.stringify(config));
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest));
  return ['manifest.json', 'config.json', ...layers];
}

/** Hex. */
export async function sha256(file: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(file), digest);
  return digest.digest('hex');
}
