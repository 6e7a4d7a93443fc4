export * from './compilers.ts';
export * from './config.ts';
export * from './flags.ts';
export * from './layouts.ts';
export * from './nearest.ts';
export * from './profiles.ts';
export * from './targets.ts';
export * from './variables.ts';
