export * from './flows/local.ts';
export * from './format.ts';
export * from './names.ts';
export { wordsOf } from './linkage.ts';
export { type Checkout, type NewFile, type NewPart, newFiles, newParts } from './new-part.ts';
export { packageSteps } from './package-steps.ts';
export { whatWords } from './select.ts';
export { stampedVersion } from './stamps.ts';
export { computeVersion, type Version } from './version.ts';
