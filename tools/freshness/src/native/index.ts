export { readNative } from './native-inputs.ts';
export type { NativeInputs, NativeOptions, NativeQuery, NativeReader } from './port.ts';
