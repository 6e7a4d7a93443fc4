import type { FailureTexts } from './failure-text.ts';

/** Failures of container engines, containers and syncs. */
export interface EngineFailures {
  NO_ENGINE: { readonly where: string; readonly fact: string; readonly hint: string };
  ENGINE_TOO_OLD: { readonly version: string; readonly has: string; readonly needs: string };
  ENGINE_TOO_SMALL: { readonly fact: string; readonly hint: string };
  ENGINE_LOST: { readonly where: string; readonly did: string };
  ENGINE_FULL: { readonly what: string };
  ENGINE_FAILED: { readonly did: string; readonly fact: string };
  IMAGE_FAILED: { readonly image: string; readonly fact: string; readonly hint: string };
  CONTAINER_LOST: { readonly container: string; readonly fact: string };
  CONTAINER_NAME_TAKEN: { readonly container: string };
  NO_TRANSPORT: { readonly transport: string; readonly fact: string; readonly hint: string };
  IMAGE_INCOMPLETE: { readonly container: string; readonly tool: string; readonly package: string };
  SYNC_FAILED: { readonly fact: string; readonly hint: string };
}

export const engineFailures: FailureTexts<EngineFailures> = {
  NO_ENGINE: {
    exit: 'toolMissing',
    message: (f) => `no container engine answers at ${f.where}: ${f.fact}`,
    hint: (f) => f.hint,
  },
  ENGINE_TOO_OLD: {
    exit: 'toolMissing',
    message: (f) => `${f.version} speaks version ${f.has} of the engine API, ${f.needs} is needed`,
    hint: () => 'install a newer engine: Docker 19.03 or later, podman 4 or later',
  },
  ENGINE_TOO_SMALL: { exit: 'toolMissing', message: (f) => f.fact, hint: (f) => f.hint },
  ENGINE_LOST: {
    exit: 'failed',
    message: (f) => `the connection to the container engine at ${f.where} was lost while ${f.did}`,
    hint: () => 'nothing of it was kept; when the engine runs again (docker info), run the same command',
  },
  ENGINE_FULL: {
    exit: 'failed',
    message: (f) => `no space is left in the container engine: ${f.what}`,
    hint: () => 'make room there: slipway make-clean, docker system prune, or a larger disk',
  },
  ENGINE_FAILED: {
    exit: 'failed',
    message: (f) => `the container engine refused ${f.did}: ${f.fact}`,
    hint: () => 'slipway make-clean removes everything of this tree from the engine; then run it again',
  },
  IMAGE_FAILED: { exit: 'failed', message: (f) => `image ${f.image}: ${f.fact}`, hint: (f) => f.hint },
  CONTAINER_LOST: {
    exit: 'failed',
    message: (f) => `the container ${f.container} ended before its command did: ${f.fact}`,
    hint: () => 'nothing of it was kept; if memory ran out, give the engine more or use -j1; then run it again',
  },
  CONTAINER_NAME_TAKEN: {
    exit: 'failed',
    message: (f) => `a container called ${f.container} exists, and slipway did not create it for this tree`,
    hint: (f) => `docker rename ${f.container} OTHER, or docker rm ${f.container}`,
  },
  NO_TRANSPORT: {
    exit: 'toolMissing',
    message: (f) => `--sync ${f.transport}: ${f.fact}`,
    hint: (f) => f.hint,
  },
  IMAGE_INCOMPLETE: {
    exit: 'toolMissing',
    message: (f) => `the image of ${f.container} has no ${f.tool}`,
    hint: (f) =>
      `name ${f.package} in build/build-image/packages.txt, or in the image of KUBE_CROSS_IMAGE; then run it again`,
  },
  SYNC_FAILED: { exit: 'failed', message: (f) => f.fact, hint: (f) => f.hint },
};
