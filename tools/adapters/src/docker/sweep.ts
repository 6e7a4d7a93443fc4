import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Environment, SweepStep } from '@slipway/model';
import { statusOf } from './failure.ts';

/** Milliseconds that an engine may need for a removal. */
const LONGEST_WAIT = 60_000;

/** Removes objects with all these labels: containers first, because they use volumes and images. */
export async function sweep(docker: Docker, what: SweepStep['what'], labels: Environment): Promise<string[]> {
  const filters = { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) };
  const removed: string[] = [];
  if (what.includes('containers'))
    for (const { Id, Names } of await docker.listContainers({ all: true, filters })) {
      await untilGone(() => docker.getContainer(Id).remove({ force: true, v: true }));
      removed.push(`container ${Names[0]?.slice(1) ?? Id}`);
    }
  if (what.includes('volumes'))
    for (const { Name } of (await docker.listVolumes({ filters })).Volumes ?? []) {
      await untilGone(() => docker.getVolume(Name).remove());
      removed.push(`volume ${Name}`);
    }
  if (what.includes('images'))
    for (const { Id, RepoTags } of await docker.listImages({ all: true, filters })) {
      await untilGone(() => docker.getImage(Id).remove({ force: true }));
      removed.push(`image ${RepoTags?.[0] ?? Id}`);
    }
  return removed;
}

/** 409 means that the object is in use, or already being removed. */
export async function untilGone(remove: () => Promise<unknown>): Promise<void> {
  for (const end = performance.now() + LONGEST_WAIT; ; await sleep(100)) {
    try {
      await remove();
      return;
    } catch (error) {
      if (statusOf(error) === 404) return;
      if (statusOf(error) !== 409 || performance.now() > end) throw error;
    }
  }
}
