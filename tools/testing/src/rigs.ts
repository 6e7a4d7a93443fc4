/** For tests of other packages that run slipway as a process. */
export { hostPlatform } from '@slipway/facts';
export { type CacheServer, startBazelRemote } from './cache-servers.ts';
export { engine, smallestImage } from './engine-rig.ts';
export { localWorker } from './local-worker.ts';
export { startRegistry, type RegistryServer } from './registry-server.ts';
export { Repo, repo } from './repo-rig.ts';
export { cleanEnvironment, goCommand, startProcess, type Ended } from './slipway-process.ts';
