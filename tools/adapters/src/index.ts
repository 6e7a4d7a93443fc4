export type * from './process/port.ts';
export * from './process/interrupted.ts';
export { runAttached } from './process/program.ts';
export { type MachineUse, machineUse } from './process/machine-use.ts';
export { isMissingTool } from './process/why-not-started.ts';
export * from './process/real.ts';
export * from './process/watchdog.ts';
export * from './files/watch-tree.ts';
export * from './process/fake.ts';

export type * from './files/port.ts';
export { errorCode } from './files/error-code.ts';
export { failureOfFileError } from './files/failure.ts';
export { sweepTemporaries, withTemporary } from './files/temporary.ts';
export * from './files/real.ts';
export * from './files/fake.ts';
export { type Territory, checkPlaces } from './files/check-places.ts';
export { acquireLock } from './files/lock.ts';
export { type Stash, hasStash, moveTree, restoreStash, stashAway } from './files/stash.ts';
export * from './files/fake-lock.ts';
export * from './files/cache-directory.ts';
export * from './files/own-directory.ts';
export * from './files/memo.ts';
export * from './files/seal.ts';

export type * from './tar/port.ts';
export * from './tar/real.ts';
export type * from './tar/read-port.ts';
export { readArchive } from './tar/read-archive.ts';
export * from './tar/fake.ts';

export * from './foreign/index.ts';
export * from './manifest/index.ts';

export * from './signature/index.ts';

export type * from './registry/port.ts';
export * from './registry/real.ts';
export * from './registry/fake.ts';

export { fetchSet } from './published-set/fetch-set.ts';

export type * from './release-place/port.ts';
export { releasesInDirectory, sha256Of } from './release-place/directory.ts';
export { releasesOnSite } from './release-place/site.ts';

export type * from './sbom/port.ts';
export * from './sbom/real.ts';
export { licenseOf } from './sbom/licenses.ts';

export type * from './oci/port.ts';
export * from './oci/real.ts';
export { type ReadImage, readImage } from './oci/read-image.ts';

export type * from './git/port.ts';
export * from './git/programs.ts';
export * from './git/real.ts';
export * from './git/fake.ts';

export type * from './go/port.ts';
export type * from './go-test/port.ts';
export type * from './script-view/port.ts';
export { realScriptViews } from './script-view/real.ts';
export { type Access, readTrace, straceCommand } from './trace/strace.ts';
export { realTestObserver } from './go-test/real.ts';
export * from './go/real.ts';
export * from './go/fake.ts';
export { goEnvFile, parseGoEnv } from './go/go-env.ts';
export * from './go/mod-file.ts';
export * from './go/version.ts';
export * from './go/toolchain-hashes.ts';

export type * from './pinned-tool/port.ts';
export * from './pinned-tool/real.ts';
export * from './pinned-tool/fake.ts';

export * from './binary/index.ts';

export type * from './remote-cache/port.ts';
export type * from './remote-execution/port.ts';
export * from './remote-execution/fake.ts';
export type * from './docker/port.ts';
export { realContainerEngine } from './docker/real.ts';
export type * from './base-image/port.ts';
export { packagesRoot, realMakeBaseImage } from './base-image/real.ts';
export type * from './sync/port.ts';
export { realTreeSync } from './sync/real.ts';
