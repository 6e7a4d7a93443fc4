export { whyNoEngine } from './engine-rig.ts';
export * from './facts-rig.ts';
export * from './machine-programs.ts';
export * from './raw-archive.ts';
export { cleanEnvironment, goCommand } from './slipway-process.ts';
export * from './synthetic-tree/index.ts';
export * from './processes.ts';
