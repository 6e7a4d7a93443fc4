import type { StampFlag, StampName } from '@slipway/model';
import { stampNames } from '@slipway/catalog';
import type { VersionPackage } from './conventions.ts';

/** `-X` flags for packages of a tree without scripts, sorted by name, for every package with the variable. */
export function stampsFor(packages: readonly VersionPackage[]): StampFlag[] {
  return stampNames.flatMap((name) =>
    packages
      .filter(({ variables }) => variables.includes(name))
      .map(({ importPath }) => ({ name, flag: `-X '${importPath}.${name}=@${name}@'` })),
  );
}

/**
 * Splits a script's linker flags, made with placeholders such as `@gitVersion@`. Undefined if the text contains other
 * flags, so that joining the result by spaces always restores the text.
 */
export function parseStamps(text: string): StampFlag[] | undefined {
  const flags: StampFlag[] = [];
  let rest = text.trim();
  const trimmed = rest;
  while (rest !== '') {
    const flag = /^-X[ =](?:'[^']*'|"[^"]*"|[^\s'"]+)(?=\s|$)/.exec(rest)?.[0];
    if (flag === undefined) return undefined;
    flags.push({ name: nameIn(flag), flag });
    rest = rest.slice(flag.length).trimStart();
  }
  return flags.map(({ flag }) => flag).join(' ') === trimmed ? flags : undefined;
}

/** A flag with a constant value is always passed, like the build date. */
const nameIn = (flag: string): StampName => stampNames.find((name) => flag.includes(`@${name}@`)) ?? 'buildDate';
