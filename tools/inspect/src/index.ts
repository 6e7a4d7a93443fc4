export * from './compare/index.ts';
export * from './published-set/index.ts';
export * from './notes/index.ts';
