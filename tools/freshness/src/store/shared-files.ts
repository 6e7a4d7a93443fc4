// @slipway/adapters does not export these yet; once it does, this file goes and its importers name the package.
export { errorCode } from '../../../adapters/src/files/failure.ts';
export { sweepTemporaries, withTemporary } from '../../../adapters/src/files/temporary.ts';
