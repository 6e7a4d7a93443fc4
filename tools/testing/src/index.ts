export * from './facts-rig.ts';
