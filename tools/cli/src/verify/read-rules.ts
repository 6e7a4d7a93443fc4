import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parse } from 'yaml';
import { FailureError } from '@slipway/model';
import type { ImportRule, RuleFile } from './import-boss.ts';
import type { ImportRestriction } from './import-restrictions.ts';

const ruleFileName = '.import-restrictions';

/** The rule files for a directory relative to the root, the nearest first, up to the root of its module or of a GOPATH. */
export function ruleFiles(root: string): (place: string) => readonly RuleFile[] {
  const known = new Map<string, readonly RuleFile[]>();
  const filesOf = (place: string): readonly RuleFile[] => {
    const found = known.get(place) ?? [...here(place), ...above(place)];
    known.set(place, found);
    return found;
  };
  const here = (place: string): RuleFile[] => {
    const path = join(place, ruleFileName);
    return existsSync(join(root, path)) ? [readRuleFile(root, path)] : [];
  };
  const above = (place: string): readonly RuleFile[] =>
    place === '.' || basename(place) === 'src' || existsSync(join(root, place, 'go.mod'))
      ? []
      : filesOf(dirname(place));
  return filesOf;
}

function readRuleFile(root: string, path: string): RuleFile {
  const content = record(path, 'the file', readYaml(root, path), ['rules', 'inverseRules', 'currentImports']);
  const rules = (name: string): ImportRule[] =>
    list(path, name, content[name]).map((entry) => {
      const fields = ['selectorRegexp', 'allowedPrefixes', 'forbiddenPrefixes', 'transitive'];
      const rule = record(path, name, entry, fields);
      return {
        selector: regExp(path, text(path, 'selectorRegexp', rule['selectorRegexp'])),
        allowed: texts(path, 'allowedPrefixes', rule['allowedPrefixes']),
        forbidden: texts(path, 'forbiddenPrefixes', rule['forbiddenPrefixes']),
        transitive: rule['transitive'] === true,
      };
    });
  return { path, rules: rules('rules'), inverseRules: rules('inverseRules') };
}

/** All entries of a file in the format of staging/publishing/import-restrictions.yaml; undefined without the file. */
export function readRestrictions(root: string, path: string): ImportRestriction[] | undefined {
  if (!existsSync(join(root, path))) return undefined;
  return list(path, 'the file', readYaml(root, path)).map((entry) => {
    const fields = ['baseImportPath', 'allowedImports', 'ignoredSubTrees', 'excludeTests'];
    const restriction = record(path, 'an entry', entry, fields);
    const base = text(path, 'baseImportPath', restriction['baseImportPath']);
    return {
      base,
      place: placeOf(root, path, base),
      ignored: texts(path, 'ignoredSubTrees', restriction['ignoredSubTrees']).map((tree) => placeOf(root, path, tree)),
      allowed: texts(path, 'allowedImports', restriction['allowedImports']),
      excludeTests: restriction['excludeTests'] === true,
    };
  });
}

/** Links of vendor/ lead to staging/. A base may leave `./vendor/` out. */
function placeOf(root: string, file: string, written: string): string {
  for (const path of [written, join('vendor', written)])
    if (existsSync(join(root, path))) return relative(realpathSync(root), realpathSync(join(root, path))) || '.';
  throw bad(file, `${written} is no directory of the tree`);
}

const bad = (file: string, fact: string): FailureError => new FailureError({ code: 'BAD_CONFIG', file, fact });

function readYaml(root: string, path: string): unknown {
  try {
    return parse(readFileSync(join(root, path), 'utf8'));
  } catch (error) {
    throw bad(path, error instanceof Error ? error.message.split('\n')[0]! : String(error));
  }
}

/** Names in any case, as Go's decoder takes them; one that means nothing is a rule that would not hold. */
function record(path: string, what: string, value: unknown, fields: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(path, `${what} is no object`);
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => {
      const field = fields.find((each) => each.toLowerCase() === name.toLowerCase());
      if (field === undefined) throw bad(path, `${name} is no field; there are ${fields.join(', ')}`);
      return [field, content];
    }),
  );
}

function list(path: string, what: string, value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw bad(path, `${what} is no list`);
  return value;
}

const texts = (path: string, what: string, value: unknown): string[] =>
  list(path, what, value).map((entry) => text(path, what, entry));

function text(path: string, what: string, value: unknown): string {
  if (typeof value !== 'string') throw bad(path, `${what} is missing or no text`);
  return value;
}

/** What Go writes in another way than JavaScript, where that would quietly mean something else. */
const goOnly = /\(\?[^:]|\[\[:|\\[AzQECpP]/;

function regExp(path: string, source: string): RegExp {
  if (goOnly.test(source)) throw bad(path, `${source} is more of Go's regular expressions than is understood here`);
  try {
    return new RegExp(source);
  } catch (error) {
    throw bad(path, error instanceof Error ? error.message : String(error));
  }
}
