import type { Step, StepKind, StepOf } from '@slipway/model';
import {
  performArchive,
  performSbom,
  performChecksum,
  performCompress,
  performImage,
  performLoad,
  performProvenance,
  performPull,
  performPush,
} from './artifacts.ts';
import {
  performBaseImage,
  performBuildImage,
  performContainer,
  performDataContainer,
  performEngine,
  performSweep,
} from './containers.ts';
import { performCopy } from './copy.ts';
import { performExec } from './exec.ts';
import { performGenerate } from './generate.ts';
import type { FailureError } from '@slipway/model';
import type { Performed, Performing, Running } from './performing.ts';
import { performRemove } from './remove.ts';
import { performCopyOut, performList, performSync } from './sync.ts';
import { performSymlink } from './symlink.ts';
import { performStale } from './up-to-date.ts';
import { performWrite } from './write.ts';

const performers: {
  readonly [K in StepKind]: (step: StepOf<K>, performing: Performing, running: Running) => Promise<Performed>;
} = {
  exec: performExec,
  generate: performGenerate,
  copy: performCopy,
  symlink: performSymlink,
  write: performWrite,
  remove: performRemove,
  archive: performArchive,
  compress: performCompress,
  image: performImage,
  checksum: performChecksum,
  sbom: performSbom,
  pull: performPull,
  push: performPush,
  load: performLoad,
  provenance: performProvenance,
  engine: performEngine,
  'base-image': performBaseImage,
  'build-image': performBuildImage,
  'data-container': performDataContainer,
  container: performContainer,
  list: performList,
  sync: performSync,
  'copy-out': performCopyOut,
  sweep: performSweep,
};

/** Performs one step of any kind. It throws a FailureError, or returns it together with the actions that passed. */
export const performStep = <K extends StepKind>(
  step: StepOf<K> & Step,
  performing: Performing,
): Promise<Performed & { readonly failure?: FailureError | undefined }> =>
  performStale(step, performing, (running) => performers[step.kind as K](step, performing, running));
