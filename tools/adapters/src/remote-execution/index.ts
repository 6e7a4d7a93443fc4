export type * from './port.ts';
export * from './fake.ts';
