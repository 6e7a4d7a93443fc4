import type { StampFlag, StampName } from '@slipway/model';
import { stampNames } from '@slipway/catalog';
import type { VersionPackage } from './conventions.ts';

/** `-X` flags for packages of a tree without scripts: name by name, each for every package that has the variable. */
export function stampsFor(packages: readonly VersionPackage[]): StampFlag[] {
  return stampNames.flatMap((name) =>
    packages
      .filter(({ variables }) => variables.includes(name))
      .map(({ importPath }) => ({ name, flag: `-X '${importPath}.${name}=@${name}@'` })),
  );
}

/**
 * The flags of a script's linker flags text that was made with `@gitVersion@` and the like for values. Undefined when the
 * text is anything but `-X` flags, so that joining the result by spaces always gives the text back.
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

/** A flag whose value is no fact of the version is always passed, as the build date is. */
const nameIn = (flag: string): StampName => stampNames.find((name) => flag.includes(`@${name}@`)) ?? 'buildDate';
