export type { BinaryFile, BinarySection, GoBuildInfo, GoModuleVersion } from '../../../adapters/src/binary/index.ts';
export { readBinary } from '../../../adapters/src/binary/index.ts';
