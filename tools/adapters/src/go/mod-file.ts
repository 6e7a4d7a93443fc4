import { FailureError } from '@slipway/model';
import type { GoModFile, GoWorkFile } from './port.ts';
import { withoutGo } from './version.ts';

/** `file` is the name in messages. Throws BAD_GO_MOD with the line of a syntax error. */
export function parseGoMod(text: string, file: string): GoModFile {
  const directives = readDirectives(text, file);
  const module = oneOf(directives, 'module', file);
  if (module === undefined) throw broken(file, 'there is no module line');
  const all = (verb: string): string[] =>
    directives.filter((directive) => directive.verb === verb).map((directive) => argumentOf(directive, file));
  return { module, tools: all('tool'), ignore: all('ignore'), ...versionsOf(directives, file) };
}

/** `file` is the name in messages. Throws BAD_GO_MOD with the line of a syntax error. */
export function parseGoWork(text: string, file: string): GoWorkFile {
  const directives = readDirectives(text, file);
  const use = directives
    .filter((directive) => directive.verb === 'use')
    .map((directive) => argumentOf(directive, file));
  return { use, ...versionsOf(directives, file) };
}

interface Directive {
  readonly verb: string;
  readonly args: readonly string[];
  readonly line: number;
}

function versionsOf(
  directives: readonly Directive[],
  file: string,
): { go: string | undefined; toolchain: string | undefined } {
  const toolchain = oneOf(directives, 'toolchain', file);
  const go = directives.find((directive) => directive.verb === 'go');
  const version = oneOf(directives, 'go', file);
  if (go !== undefined && !/^\d+(\.\d+){0,2}([a-z]+\d+)?$/.test(version ?? '')) {
    throw broken(`${file}:${go.line}`, `go ${version} is no Go version`);
  }
  return {
    go: version,
    toolchain: toolchain === undefined || toolchain === 'default' ? undefined : withoutGo(toolchain),
  };
}

function oneOf(directives: readonly Directive[], verb: string, file: string): string | undefined {
  const [first, second] = directives.filter((directive) => directive.verb === verb);
  if (second !== undefined) throw broken(`${file}:${second.line}`, `a second ${verb} line`);
  return first && argumentOf(first, file);
}

function argumentOf({ verb, args, line }: Directive, file: string): string {
  const [arg, ...more] = args;
  if (arg === undefined || more.length > 0)
    throw broken(`${file}:${line}`, `${verb} takes one argument, not ${args.length}`);
  return arg;
}

/** Every directive, also each one in parentheses. Go decides which verbs are valid. */
function readDirectives(text: string, file: string): Directive[] {
  const directives: Directive[] = [];
  let block: { readonly verb: string; readonly line: number } | undefined;
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const words = readWords(written, `${file}:${line}`);
    const [first, ...rest] = words;
    if (first === undefined) continue;
    if (block !== undefined) {
      if (first === ')' && rest.length === 0) block = undefined;
      else directives.push({ verb: block.verb, args: words, line });
      continue;
    }
    if (!/^[a-z]+$/.test(first))
      throw broken(`${file}:${line}`, `expected a directive such as module, go or require, found ${first}`);
    if (rest.at(-1) === '(' && rest.length === 1) block = { verb: first, line };
    else if (rest[0] === '(' && rest.at(-1) === ')')
      directives.push(...(rest.length === 2 ? [] : [{ verb: first, args: rest.slice(1, -1), line }]));
    else directives.push({ verb: first, args: rest, line });
  }
  if (block !== undefined) throw broken(`${file}:${block.line}`, `the parenthesis of ${block.verb} is never closed`);
  return directives;
}

const WORD = /\s*(?:(\/\/.*)|"((?:[^"\\]|\\.)*)"|`([^`]*)`|([()])|((?:(?!\/\/)[^\s"`()])+))/y;

function readWords(written: string, where: string): string[] {
  const words: string[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < written.trimEnd().length) {
    const match = WORD.exec(written);
    if (match === null) throw broken(where, 'a quotation mark is never closed');
    const [, comment, quoted, raw, parenthesis, plain] = match;
    if (comment !== undefined) break;
    words.push(quoted?.replace(/\\(.)/g, '$1') ?? raw ?? parenthesis ?? plain!);
  }
  return words;
}

const broken = (file: string, fact: string): FailureError => new FailureError({ code: 'BAD_GO_MOD', file, fact });
