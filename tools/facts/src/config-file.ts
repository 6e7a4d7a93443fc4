import { createHash } from 'node:crypto';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Failure, FailureError, isGoPlatform, parsePlatform } from '@slipway/model';
import {
  type Config,
  type ConfigFieldKind,
  type ConfigFieldName,
  configFields,
  configFileName,
  layouts,
  nearest,
  releaseFields,
  quarantineFields,
  targetFields,
  testsFields,
  remoteExecutionFields,
  verifyFields,
  setNames,
} from '@slipway/catalog';
import type { Disk, Rooted } from './disk.ts';
import { fileWithLine } from './misnamed.ts';
import { anyCode, type TreeCode } from './tree-code.ts';

/** What `slipway.config.ts` at the root exports; undefined without that file. Throws BAD_CONFIG, one for each wrong field. */
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

/** What it imports is part of it: a change there is one of the configuration. */
async function importConfig(disk: Disk, url: string, allow: (path: string) => void): Promise<unknown> {
  const own = new Set([url]);
  const hooks = registerHooks({
    // Others import at the same time.
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

/** What stands in the file of what a problem is about: the value that is shown, else the field. */
const wordOf = (fact: string): string =>
  /"([^"]+)"/.exec(fact)?.[1] ?? /(\w+)(?:\[\d+\])?$/.exec(fact.split(' ')[0]!)?.[1] ?? '';

const badConfig = (fact: string): Failure => ({ code: 'BAD_CONFIG', file: configFileName, fact });

/** A sentence for everything that is not as Config says. */
export function configProblems(value: unknown): string[] {
  if (value === undefined) return ['it has no default export: export default { … } satisfies Config'];
  if (!isRecord(value)) return ['its default export is not an object'];
  return Object.entries(value).flatMap(([name, field]) => {
    if (!Object.hasOwn(configFields, name)) return [unknownField(name, name, Object.keys(configFields))];
    return field === undefined ? [] : checks[configFields[name as ConfigFieldName].kind](field, name);
  });
}

type Check = (value: unknown, name: string) => string[];

/** Fields of an object, each by the row of its table. */
function fieldProblems(
  value: unknown,
  name: string,
  fields: Readonly<Record<string, { kind: ConfigFieldKind }>>,
): string[] {
  if (!isRecord(value)) return [`${name} is ${shown(value)}, not an object`];
  return Object.entries(value).flatMap(([key, content]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) return [unknownField(`${name}.${key}`, key, Object.keys(fields))];
    return content === undefined ? [] : checks[field.kind](content, `${name}.${key}`);
  });
}

interface ListFields {
  readonly fields: Readonly<Record<string, { kind: ConfigFieldKind }>>;
  /** Those that each of the list has. */
  readonly needed: readonly string[];
}

function listProblems(value: unknown, name: string, { fields, needed }: ListFields): string[] {
  if (!Array.isArray(value)) return [`${name} is ${shown(value)}, not a list of objects`];
  return value.flatMap((each: unknown, index) => [
    ...fieldProblems(each, `${name}[${index}]`, fields),
    ...needed
      .filter((field) => isRecord(each) && each[field] === undefined)
      .map((field) => `${name}[${index}].${field} is missing, not a text`),
  ]);
}

/** One that the calendar has. */
function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const checks: Readonly<Record<ConfigFieldKind, Check>> = {
  flag: (value, name) => (typeof value === 'boolean' ? [] : [`${name} is ${shown(value)}, not true or false`]),
  name: (value, name) => {
    if (!isText(value)) return checks.text(value, name);
    return /^[\w+][\w.+-]*$/.test(value) ? [] : [`${name} is ${shown(value)}, which is no name of a file`];
  },
  targets: (value, name) => listProblems(value, name, { fields: targetFields, needed: ['path'] }),
  tests: (value, name) => fieldProblems(value, name, testsFields),
  quarantine: (value, name) =>
    listProblems(value, name, { fields: quarantineFields, needed: Object.keys(quarantineFields) }),
  day: (value, name) => (isText(value) && isDay(value) ? [] : [`${name} is ${shown(value)}, not a day as 2026-12-31`]),
  text: (value, name) => (isText(value) ? [] : [`${name} is ${shown(value)}, not a text`]),
  words: (value, name) => {
    if (!Array.isArray(value)) return [`${name} is ${shown(value)}, not a list of texts`];
    return value.flatMap((word: unknown, index) =>
      isText(word) ? [] : [`${name}[${index}] is ${shown(word)}, not a text`],
    );
  },
  platforms: (value, name) => [...checks.words(value, name), ...platformProblems(value, name)],
  record: (value, name) => {
    if (!isRecord(value)) return [`${name} is ${shown(value)}, not an object of texts`];
    return Object.entries(value).flatMap(([key, text]) => checks.text(text, `${name}.${key}`));
  },
  numbers: (value, name) => {
    if (!isRecord(value)) return [`${name} is ${shown(value)}, not an object of numbers`];
    return Object.entries(value).flatMap(([key, number]) =>
      typeof number === 'number' && number > 0 ? [] : [`${name}.${key} is ${shown(number)}, not a number above 0`],
    );
  },
  release: (value, name) => fieldProblems(value, name, releaseFields),
  remoteExecution: (value, name) => fieldProblems(value, name, remoteExecutionFields),
  number: (value, name) =>
    Number.isSafeInteger(value) && (value as number) > 0
      ? []
      : [`${name} is ${shown(value)}, not a whole number above 0`],
  verify: (value, name) => fieldProblems(value, name, verifyFields),
  sets: (value, name) => {
    if (!isRecord(value)) return [`${name} is ${shown(value)}, not an object`];
    return Object.entries(value).flatMap(([set, content]) =>
      (setNames as readonly string[]).includes(set)
        ? setProblems(content, `${name}.${set}`)
        : [unknownField(`${name}.${set}`, set, setNames)],
    );
  },
};

function setProblems(value: unknown, name: string): string[] {
  if (value === undefined) return [];
  if (!isRecord(value)) return [`${name} is ${shown(value)}, not an object with targets`];
  const fields = ['targets', 'platforms'];
  const unknown = Object.keys(value)
    .filter((field) => !fields.includes(field))
    .map((field) => unknownField(`${name}.${field}`, field, fields));
  const { targets, platforms } = value;
  return [
    ...unknown,
    ...checks.words(targets, `${name}.targets`),
    ...(platforms === undefined ? [] : checks.platforms(platforms, `${name}.platforms`)),
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
