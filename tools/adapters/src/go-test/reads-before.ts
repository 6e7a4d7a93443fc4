import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Calls that read files or variables, and paths of files beside the tests. */
const reading =
  /\b(os|ioutil|filepath)\.(ReadFile|Open\w*|Stat|Lstat|ReadDir|Glob|Walk\w*|EvalSymlinks|Getenv|LookupEnv|DirFS)\b|["`](\.\.?\/|testdata)/;

/** Parts of TestMain that only run the tests, or check for leaked goroutines. */
const harmless = /\b(m\.Run|os\.Exit|flag\.Parse|goleak\.VerifyTestMain)\(/g;

/**
 * Reports whether a package seems to read something before its first test or after its last one: in TestMain, in
 * `init`, or in the initial value of a variable. The log of Go's testing package does not contain such reads. Sources
 * must be formatted by gofmt.
 */
export function readsBefore(dir: string): boolean {
  return namesIn(dir).some((name) => {
    const text = readFileSync(join(dir, name), 'utf8');
    const isTest = name.endsWith('_test.go');
    const functions = [...text.matchAll(/^func (\([^)]*\) )?(\w+)(?:.*\}$|[\s\S]*?^\})/gm)];
    const always = functions.filter(([, receiver, called]) => receiver === undefined && called === 'init');
    const main = functions.find(([, , called]) => called === 'TestMain')?.[0];
    if (isTest && main !== undefined && doesMore(main)) return true;
    const outside = text
      .replaceAll(/^func (?:.*\}$|[\s\S]*?^\})/gm, '')
      .replaceAll(/^import \([\s\S]*?^\)|^import .*$/gm, '');
    return [outside, ...always.map(([body]) => body)].some((part) => reading.test(withoutComments(part)));
  });
}

const namesIn = (dir: string): string[] => {
  try {
    return readdirSync(dir).filter((name) => name.endsWith('.go'));
  } catch {
    return [];
  }
};

/** A call of another function may read something. */
const doesMore = (main: string): boolean =>
  /\w\(/.test(
    withoutComments(main)
      .replace(/^func TestMain\(/, '')
      .replaceAll(harmless, ''),
  );

const withoutComments = (text: string): string => text.replaceAll(/(^|\s)\/\/.*$/gm, '$1');
