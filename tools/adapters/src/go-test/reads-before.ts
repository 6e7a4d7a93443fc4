import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What asks for files or variables, and paths of what tests lay beside them. */
const reading =
  /\b(os|ioutil|filepath)\.(ReadFile|Open\w*|Stat|Lstat|ReadDir|Glob|Walk\w*|EvalSymlinks|Getenv|LookupEnv|DirFS)\b|["`](\.\.?\/|testdata)/;

/** Of TestMain what only runs the tests, or looks for goroutines that are left. */
const harmless = /\b(m\.Run|os\.Exit|flag\.Parse|goleak\.VerifyTestMain)\(/g;

/**
 * Whether a package seems to read something before its first test begins, or after its last one ended: in TestMain, in `init`, or for
 * the value of a variable. Go's testing package does not note that. Sources are taken to be formatted as gofmt does it.
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

/** Who calls something else may have it read. */
const doesMore = (main: string): boolean =>
  /\w\(/.test(
    withoutComments(main)
      .replace(/^func TestMain\(/, '')
      .replaceAll(harmless, ''),
  );

const withoutComments = (text: string): string => text.replaceAll(/(^|\s)\/\/.*$/gm, '$1');
