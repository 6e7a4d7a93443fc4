import { type ExitCodeName, eventShapes, exitCodes } from '@slipway/model';
import { type ConfigField, configFields } from './config-fields.ts';
import { type Flag, flags } from './flags.ts';
import { profiles } from './profiles.ts';
import { type Target, targetGroups } from './targets.ts';
import { variables } from './variables.ts';

/** One entry of the reference: a term and its description. */
export interface ReferenceEntry {
  /** Words after `slipway help` that print it. */
  readonly names: readonly string[];
  /** The term as users type it. */
  readonly term: string;
  readonly lines: readonly string[];
}

export interface ReferenceSection {
  readonly title: string;
  /** `slipway help TOPIC` prints it. */
  readonly topic: string;
  readonly entries: readonly ReferenceEntry[];
}

/**
 * All targets, variables, flags and configuration fields. Help, docs/reference.md and the man page are generated from
 * it.
 */
export const reference = (): readonly ReferenceSection[] => [
  ...Object.entries(targetGroups).map(([group, rows]) => ({
    title: `Targets: ${group}`,
    topic: 'targets',
    entries: rows.map(targetEntry),
  })),
  { title: 'Variables', topic: 'variables', entries: variables.map(variableEntry) },
  { title: 'Flags', topic: 'flags', entries: flags.map(flagEntry) },
  { title: 'Profiles', topic: 'profiles', entries: Object.entries(profiles).map(([name, text]) => entry(name, text)) },
  {
    title: 'Fields of slipway.config.ts',
    topic: 'config',
    entries: fieldEntries(configFields, ''),
  },
  {
    title: 'Exit codes',
    topic: 'exit-codes',
    entries: Object.entries(exitCodes).map(([name, code]) => entry(String(code), exitMeanings[name as ExitCodeName])),
  },
  {
    title: 'Events of --json',
    topic: 'events',
    entries: Object.entries(eventShapes).map(([kind, { summary, fields }]) => ({
      names: [kind],
      term: kind,
      lines: [summary, `Fields: ${Object.keys(fields).join(', ')}`],
    })),
  },
];

/** Each field and its nested fields: `release.images[].name`. */
const fieldEntries = (fields: Readonly<Record<string, ConfigField>>, before: string): ReferenceEntry[] =>
  Object.entries(fields).flatMap(([name, { kind, summary, among, fields: inner }]) => [
    entry(`${before}${name}`, `${summary} (${among?.join(', ') ?? kind})`),
    ...(inner === undefined ? [] : fieldEntries(inner, `${before}${name}${kind === 'objects' ? '[]' : ''}.`)),
  ]);

const entry = (name: string, text: string): ReferenceEntry => ({ names: [name], term: name, lines: [text] });

function targetEntry({ name, arguments: words, summary, variables: given, example }: Target): ReferenceEntry {
  const taken = given.length === 0 ? [] : [`Variables: ${given.join(' ')}`];
  return {
    names: [name],
    term: words === undefined ? name : `${name} ${words}`,
    lines: [summary, ...taken, `Example: ${example}`],
  };
}

function variableEntry({ name, effect, default: standard, expected }: (typeof variables)[number]): ReferenceEntry {
  return {
    names: [name],
    term: name,
    lines: [
      effect,
      ...(expected === undefined ? [] : [`Values: ${expected.words}`]),
      ...(standard === '' ? [] : [`Default: ${standard}`]),
    ],
  };
}

function flagEntry({ name, short, value, summary, only, expected }: Flag): ReferenceEntry {
  const targets = only === undefined ? [] : [`Of: ${[only].flat().join(', ')}`];
  return {
    names: [name, `--${name}`, ...(short === undefined ? [] : [`-${short}`])],
    term: `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    lines: [summary, ...(expected === undefined ? [] : [`Values: ${expected.words}`]), ...targets],
  };
}

const exitMeanings: Readonly<Record<ExitCodeName, string>> = {
  done: 'success, or nothing to do',
  failed: 'something failed: a compiler, a test, a disk, a permission',
  usage: 'a word, a flag, a variable or a configuration that slipway does not know',
  toolMissing: 'a required program is missing',
  verification: 'a comparison or verification found differences',
  bug: 'a bug of slipway',
  interrupted: 'a signal stopped it',
};
