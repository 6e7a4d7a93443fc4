export * from './compilers.ts';
export * from './flags.ts';
export * from './profiles.ts';
export * from './targets.ts';
export * from './variables.ts';
export * from './nearest.ts';
