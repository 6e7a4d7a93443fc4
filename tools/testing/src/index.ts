export { whyNoEngine } from './engine-rig.ts';
export * from './facts-rig.ts';
export * from './machine-programs.ts';
export * from './published-set.ts';
export * from './raw-archive.ts';
export { saidSets } from './hostile-sets/said.ts';
export { cleanEnvironment, goCommand } from './slipway-process.ts';
export * from './synthetic-tree/index.ts';
export * from './processes.ts';
