export { type Audit, type Audited, auditRelease, isGood } from './audit.ts';
export { type ArtifactResult, compareImages, compareSets } from './compare-sets.ts';
export { type OpenSet, openSet } from './open-set.ts';
export { type PublishedFile, publishSet } from './publish-set.ts';
export { type Recorded, readProvenance, readRecorded } from './recorded.ts';
export { REPRODUCTION, type Rebuilt, statementOf } from './reproduction.ts';
export { PROVENANCE } from './set-files.ts';
export { signPublished } from './sign.ts';
export { type Finding, verifyPublished, whatOf } from './verify-set.ts';
