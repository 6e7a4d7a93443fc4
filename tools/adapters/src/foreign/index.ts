export { type ForeignBytes, type ForeignFile, type Links, openForeign, piecesOf, readForeign } from './foreign-file.ts';
