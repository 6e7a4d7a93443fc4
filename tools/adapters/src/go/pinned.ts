import { chmod, copyFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FailureError, meterOf } from '@slipway/model';
import type { Environment, GoToolchain, Moved } from '@slipway/model';
import { errorCode } from '../files/error-code.ts';
import { onPath } from '../files/failure.ts';
import { removeTree } from '../files/remove.ts';
import { sweepTemporaries, withTemporary } from '../files/temporary.ts';
import { goProxy, hostPair } from './go-env.ts';
import { ownToolchainDirectory, toolchainAt } from './installed.ts';
import { BadZip, unpackModuleZip } from './module-zip.ts';
import { fetchThroughProxies } from './proxy.ts';
import type { PinnedToolchain } from './toolchain-hashes.ts';
import { makeDirectories } from '../files/make-directories.ts';

/** Containers may share this cache without seeing each other's processes. No download takes this long. */
const AN_HOUR = 3_600_000;

export interface PinnedRequest {
  readonly pinned: PinnedToolchain;
  readonly env: Environment;
  progress(message: string, moved?: Moved): void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Downloads the pinned toolchain's module through GOPROXY, compares its hash, and moves it to slipway's cache. Throws
 * HASH_MISMATCH; returns the reason if it is not available.
 */
export async function downloadPinned(request: PinnedRequest): Promise<GoToolchain | { readonly fact: string }> {
  const { version, hashes } = request.pinned;
  const expected = hashes[hostPair()];
  if (expected === undefined) return { fact: `no Go is pinned for ${hostPair()}` };
  const directory = ownToolchainDirectory(request.env, version);
  if (directory === undefined) return { fact: 'there is no place to download to: set HOME or XDG_CACHE_HOME' };
  const fact = await onPath(directory, () => downloadInto(directory, { ...request, expected }));
  if (fact !== undefined) return { fact };
  return (await toolchainAt(directory)) ?? { fact: `the downloaded ${directory} is not a Go toolchain` };
}

async function downloadInto(
  directory: string,
  request: PinnedRequest & { readonly expected: string },
): Promise<string | undefined> {
  const module = `v0.0.1-go${request.pinned.version}.${hostPair()}`;
  makeDirectories(dirname(directory));
  await sweepTemporaries(dirname(directory), AN_HOUR);
  return withTemporary(directory, async (temporary) => {
    const [zip, unpacked] = [join(temporary, 'zip'), join(temporary, 'go')];
    makeDirectories(unpacked);
    try {
      const path = `golang.org/toolchain/@v/${module}.zip`;
      const { env, progress, signal } = request;
      const fact = await fetchThroughProxies({ proxies: goProxy(env), path, to: zip, env, progress, signal });
      if (fact !== undefined) return fact;
      const unpacking = `unpacking Go ${request.pinned.version}`;
      progress(unpacking);
      const actual = await unpackModuleZip({
        zip,
        prefix: `golang.org/toolchain@${module}/`,
        directory: unpacked,
        meter: meterOf((moved) => progress(unpacking, moved)),
        signal,
      });
      if (actual !== request.expected)
        throw new FailureError({
          code: 'HASH_MISMATCH',
          what: `the downloaded ${path}`,
          expected: request.expected,
          actual,
        });
      await finish(unpacked);
      await moveInto(directory, unpacked);
      return undefined;
    } catch (error) {
      if (error instanceof BadZip) return `the download of ${module} is not valid: ${error.message}`;
      throw error;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

/** Go does the same with a downloaded toolchain: module zips contain neither execute bits nor inner go.mod files. */
async function finish(goroot: string): Promise<void> {
  for (const entry of await readdir(goroot, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && isProgram(path.slice(goroot.length + 1))) await chmod(path, 0o755);
    if (entry.name === '_go.mod') await copyFile(path, join(entry.parentPath, 'go.mod'));
  }
}

const isProgram = (path: string): boolean => /^(bin|pkg[/\\]tool)[/\\]|^lib[/\\].*\bgo_.+_.+_exec$/.test(path);

/** Another process may have put the same toolchain there. A broken one is replaced. */
async function moveInto(directory: string, unpacked: string): Promise<void> {
  try {
    await rename(unpacked, directory);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
    if ((await toolchainAt(directory)) !== undefined) return;
    await removeTree(directory);
    await rename(unpacked, directory);
  }
}
