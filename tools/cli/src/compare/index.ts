export { binaryPlaces, restoreAside } from './aside.ts';
export type { BinaryPlaces } from './aside.ts';
export { compareTrees } from './compare-trees.ts';
export * from './comparison.ts';
export { formatComparison } from './format-comparison.ts';
export type { SideNames } from './format-comparison.ts';
export { compareWithMake } from './with-make.ts';
export type { WithMakeRequest, WithMakeResult } from './with-make.ts';
