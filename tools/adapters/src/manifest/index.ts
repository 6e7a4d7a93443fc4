export { isRecord, parseStrictJson } from './json.ts';
export { type Statement, parseStatement } from './statement.ts';
export { type Sum, isPlainName, parseSums } from './sums.ts';
