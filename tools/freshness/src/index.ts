export type * from './graph/port.ts';
export type * from './index/port.ts';
export type * from './store/port.ts';
