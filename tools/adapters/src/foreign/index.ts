export { type ForeignBytes, type ForeignFile, type Links, openForeign, piecesOf, readForeign } from './foreign-file.ts';
export { type Looked, entriesOf, lookAt, openPlain, placeAt, scratchDirectory } from './look.ts';
