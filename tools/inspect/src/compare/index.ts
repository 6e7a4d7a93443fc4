export { compareTrees } from './compare-trees.ts';
export * from './comparison.ts';
export { type SideNames, formatComparison, formatFile } from './format-comparison.ts';
export { type WithMakeRequest, type WithMakeResult, compareWithMake } from './with-make.ts';
