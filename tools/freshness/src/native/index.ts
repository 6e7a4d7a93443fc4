export { readNative } from './native-inputs.ts';
export type { NativeInputs, NativeOptions, NativeQuestion, NativeReader } from './port.ts';
