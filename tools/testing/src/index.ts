export * from './facts-rig.ts';
export * from './synthetic-tree/index.ts';
