import { createHash } from 'node:crypto';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Failure, FailureError, isGoPlatform, parsePlatform } from '@slipway/model';
import {
  type Config,
  type ConfigField,
  type ConfigFieldKind,
  configFields,
  configFileName,
  layouts,
  nearest,
} from '@slipway/catalog';
import type { Disk, Rooted } from './disk.ts';
import { fileWithLine } from './misnamed.ts';
import { anyCode, type TreeCode } from './tree-code.ts';

/**
 * The default export of `slipway.config.ts` at the root; undefined without the file. Throws BAD_CONFIG with one failure
 * for each wrong field.
 */
export async function readConfig(tree: Rooted, code: TreeCode = anyCode): Promise<Config | undefined> {
  const path = join(tree.root, configFileName);
  const text = tree.disk.readText(path);
  if (text === undefined) return undefined;
  const url = pathToFileURL(path);
  url.search = createHash('sha256').update(text).digest('hex').slice(0, 12);
  code.allow(tree.root, path);
  const exported = await importConfig(tree.disk, url.href, (file) => code.allow(tree.root, file));
  const problems = configProblems(exported);
  if (problems.length > 0)
    throw new FailureError(
      ...problems.map((fact) => ({ ...badConfig(fact), file: fileWithLine(tree, wordOf(fact)) }) as Failure),
    );
  return exported as Config;
}

/** Imports are part of the configuration: a change of an imported file is a change of it. */
async function importConfig(disk: Disk, url: string, allow: (path: string) => void): Promise<unknown> {
  const own = new Set([url]);
  const hooks = registerHooks({
    // Other code imports at the same time.
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      if (own.has(context.parentURL ?? '') && resolved.url.startsWith('file:')) {
        own.add(resolved.url);
        allow(fileURLToPath(resolved.url));
      }
      return resolved;
    },
    load(loading, context, next) {
      if (loading.startsWith('file:')) disk.noteRead(fileURLToPath(loading));
      // A package.json beside it may say commonjs, as `npm init` writes it.
      return next(loading, loading === url ? { ...context, format: 'module-typescript' } : context);
    },
  });
  try {
    const loaded = (await import(url)) as { default?: unknown };
    return loaded.default;
  } catch (error) {
    if (error instanceof FailureError) throw error;
    throw new FailureError(badConfig(error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
  } finally {
    hooks.deregister();
  }
}

/** The text in the file that a problem refers to: the value, else the field. */
const wordOf = (fact: string): string =>
  /"([^"]+)"/.exec(fact)?.[1] ?? /(\w+)(?:\[\d+\])?$/.exec(fact.split(' ')[0]!)?.[1] ?? '';

const badConfig = (fact: string): Failure => ({ code: 'BAD_CONFIG', file: configFileName, fact });

/** One sentence for each difference from the type Config. */
export function configProblems(value: unknown): string[] {
  if (value === undefined) return ['it has no default export: export default { … } satisfies Config'];
  if (!isRecord(value)) return ['its default export is not an object'];
  return fieldProblems(value, '', configFields);
}

/** Checks the fields of an object, each by its row of the table. */
const fieldProblems = (
  value: Readonly<Record<string, unknown>>,
  before: string,
  fields: Readonly<Record<string, ConfigField>>,
): string[] =>
  Object.entries(value).flatMap(([key, content]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) return [unknownField(`${before}${key}`, key, Object.keys(fields))];
    return content === undefined ? [] : checks[field.kind](content, `${before}${key}`, field);
  });

type Check = (value: unknown, name: string, field: ConfigField) => string[];

/** A valid date. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const checks: Readonly<Record<ConfigFieldKind, Check>> = {
  flag: (value, name) => (typeof value === 'boolean' ? [] : [`${name} is ${shown(value)}, not true or false`]),
  name: (value, name) => {
    if (!isText(value)) return [`${name} is ${shown(value)}, not a text`];
    return /^[\w+][\w.+-]*$/.test(value) ? [] : [`${name} is ${shown(value)}, which is no name of a file`];
  },
  day: (value, name) => (isText(value) && isDay(value) ? [] : [`${name} is ${shown(value)}, not a day as 2026-12-31`]),
  text: (value, name) => (isText(value) ? [] : [`${name} is ${shown(value)}, not a text`]),
  'one of': (value, name, { among = [] }) => amongProblems(value, name, among),
  words: (value, name) => {
    if (!Array.isArray(value)) return [`${name} is ${shown(value)}, not a list of texts`];
    return value.flatMap((word: unknown, index) =>
      isText(word) ? [] : [`${name}[${index}] is ${shown(word)}, not a text`],
    );
  },
  platforms: (value, name, field) => [...checks.words(value, name, field), ...platformProblems(value, name)],
  record: (value, name, { among }) => {
    if (!isRecord(value)) return [`${name} is ${shown(value)}, not an object of texts`];
    return Object.entries(value).flatMap(([key, text]) => {
      if (!isText(text)) return [`${name}.${key} is ${shown(text)}, not a text`];
      return among === undefined ? [] : amongProblems(text, `${name}.${key}`, among);
    });
  },
  number: (value, name) =>
    Number.isSafeInteger(value) && (value as number) > 0
      ? []
      : [`${name} is ${shown(value)}, not a whole number above 0`],
  numbers: (value, name) => {
    if (!isRecord(value)) return [`${name} is ${shown(value)}, not an object of numbers`];
    return Object.entries(value).flatMap(([key, number]) =>
      typeof number === 'number' && number > 0 ? [] : [`${name}.${key} is ${shown(number)}, not a number above 0`],
    );
  },
  object: (value, name, { fields = {}, needed = [] }) => {
    const wanted = needed.length === 0 ? 'an object' : `an object with ${needed.join(' and ')}`;
    if (!isRecord(value)) return [`${name} is ${shown(value)}, not ${wanted}`];
    return [
      ...fieldProblems(value, `${name}.`, fields),
      ...needed.flatMap((key) =>
        value[key] === undefined ? checks[fields[key]!.kind](undefined, `${name}.${key}`, fields[key]!) : [],
      ),
    ];
  },
  objects: (value, name, field) => {
    const wanted = field.short === undefined ? 'objects' : 'texts and objects';
    if (!Array.isArray(value)) return [`${name} is ${shown(value)}, not a list of ${wanted}`];
    return value.flatMap((each: unknown, index) =>
      field.short !== undefined && isText(each) ? [] : checks.object(each, `${name}[${index}]`, field),
    );
  },
};

function amongProblems(value: unknown, name: string, among: readonly string[]): string[] {
  if (isText(value) && among.includes(value)) return [];
  const near = isText(value) ? nearest(value, among) : undefined;
  return [
    `${name} is ${shown(value)}; ${near === undefined ? `it may be ${among.join(', ')}` : `did you mean ${near}?`}`,
  ];
}

function platformProblems(value: unknown, name: string): string[] {
  const words = Array.isArray(value) ? value.filter(isText) : [];
  return words.flatMap((word) => {
    const platform = parsePlatform(word);
    if (platform === undefined) return [`${name} has ${shown(word)}, which is not of the form os/arch`];
    if (isGoPlatform(platform)) return [];
    const near = nearest(word, layouts.conventions.platforms);
    return [
      `${name} has ${shown(word)}, which is no platform of Go; ${near === undefined ? '`go tool dist list` prints them' : `did you mean ${near}?`}`,
    ];
  });
}

function unknownField(path: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `${path} is not a field; ${near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`}`;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value)
    ? 'a list'
    : typeof value === 'object'
      ? 'an object'
      : typeof value === 'function'
        ? 'a function'
        : JSON.stringify(value);
}
