import { basename, dirname, join, relative } from 'node:path';
import { lookAt, placeAt } from '@slipway/adapters';
import { readYaml } from '@slipway/adapters/yaml';
import { FailureError } from '@slipway/model';
import type { ImportRule, RuleFile } from './import-boss.ts';
import type { ImportRestriction } from './import-restrictions.ts';
import { readSource } from './read-source.ts';

const ruleFileName = '.import-restrictions';

/**
 * Reads the rule files for directories relative to the root. The result returns the files for one directory: nearest
 * first, up to the root of its module or of a GOPATH.
 */
export async function readRuleFiles(
  root: string,
  places: readonly string[],
): Promise<(place: string) => readonly RuleFile[]> {
  const known = new Map<string, readonly RuleFile[]>();
  const read = async (place: string): Promise<readonly RuleFile[]> => {
    const found = known.get(place) ?? [...(await here(place)), ...(await above(place))];
    known.set(place, found);
    return found;
  };
  const here = async (place: string): Promise<RuleFile[]> => {
    const path = join(place, ruleFileName);
    const source = await readSource(root, path);
    return source === undefined ? [] : [parseRuleFile(path, source)];
  };
  const above = async (place: string): Promise<readonly RuleFile[]> =>
    place === '.' || basename(place) === 'src' || (await lookAt(join(root, place, 'go.mod'), 'followed')) !== undefined
      ? []
      : read(dirname(place));
  for (const place of places) await read(place);
  return (place) => known.get(place) ?? [];
}

function parseRuleFile(path: string, source: string): RuleFile {
  const content = record(path, 'the file', parseYaml(path, source), ['rules', 'inverseRules', 'currentImports']);
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
export async function readRestrictions(root: string, path: string): Promise<ImportRestriction[] | undefined> {
  const source = await readSource(root, path);
  if (source === undefined) return undefined;
  const placeOf = (written: string): Promise<string> => placeIn(root, path, written);
  return Promise.all(
    list(path, 'the file', parseYaml(path, source)).map(async (entry) => {
      const fields = ['baseImportPath', 'allowedImports', 'ignoredSubTrees', 'excludeTests'];
      const restriction = record(path, 'an entry', entry, fields);
      const base = text(path, 'baseImportPath', restriction['baseImportPath']);
      return {
        base,
        place: await placeOf(base),
        ignored: await Promise.all(texts(path, 'ignoredSubTrees', restriction['ignoredSubTrees']).map(placeOf)),
        allowed: texts(path, 'allowedImports', restriction['allowedImports']),
        excludeTests: restriction['excludeTests'] === true,
      };
    }),
  );
}

/** Links of vendor/ lead to staging/. A base may leave out `./vendor/`. */
async function placeIn(root: string, file: string, written: string): Promise<string> {
  for (const path of [written, join('vendor', written)]) {
    const place = await placeAt(join(root, path));
    if (place !== undefined) return relative((await placeAt(root)) ?? root, place) || '.';
  }
  throw bad(file, `${written} is no directory of the tree`);
}

const bad = (file: string, fact: string): FailureError => new FailureError({ code: 'BAD_CONFIG', file, fact });

function parseYaml(path: string, source: string): unknown {
  try {
    return readYaml(source).value;
  } catch (error) {
    throw bad(path, error instanceof Error ? error.message.split('\n')[0]! : String(error));
  }
}

/**
 * Names in any case, as Go's decoder accepts them. An unknown name is an error, because its rule would have no effect.
 */
function record(path: string, what: string, value: unknown, fields: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(path, `${what} is not an object`);
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => {
      const field = fields.find((each) => each.toLowerCase() === name.toLowerCase());
      if (field === undefined) throw bad(path, `${name} is not a field; there are ${fields.join(', ')}`);
      return [field, content];
    }),
  );
}

function list(path: string, what: string, value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw bad(path, `${what} is not a list`);
  return value;
}

const texts = (path: string, what: string, value: unknown): string[] =>
  list(path, what, value).map((entry) => text(path, what, entry));

function text(path: string, what: string, value: unknown): string {
  if (typeof value !== 'string') throw bad(path, `${what} is missing or no text`);
  return value;
}

/** Go syntax that JavaScript would silently read differently. */
const goOnly = /\(\?[^:]|\[\[:|\\[AzQECpP]/;

function regExp(path: string, source: string): RegExp {
  if (goOnly.test(source))
    throw bad(path, `${source} uses syntax of Go's regular expressions that slipway does not support`);
  try {
    return new RegExp(source);
  } catch (error) {
    throw bad(path, error instanceof Error ? error.message : String(error));
  }
}
