import { configFileName } from '@slipway/catalog';
import type { Command, Facts, Failure, SetName, ShippedTarball } from '@slipway/model';
import { nameClashes } from '../name-clashes.ts';
import { commandsOf } from '../select.ts';

/** Artifacts of a release that would overwrite each other. */
export const shippedClashes = (facts: Facts, tarballs: readonly ShippedTarball[]): Failure[] => [
  ...nameClashes(shippedTogether(facts)),
  ...takenNames(tarballs),
];

/** Commands of one set share a directory of a tarball. Server and node tarballs also contain the clients. */
function shippedTogether(facts: Facts): Command[][] {
  if (facts.tree.release === undefined) return [];
  const of = (...names: SetName[]): Command[] =>
    commandsOf(
      facts,
      names.flatMap((name) => facts.tree.sets[name].targets),
    );
  return [of('server', 'client'), of('node', 'client'), of('test', 'test-server')];
}

/** Two archives with the same name. */
function takenNames(tarballs: readonly ShippedTarball[]): Failure[] {
  const names = tarballs.map(({ name }) => name);
  const taken = names.filter((name, at) => names.indexOf(name) < at);
  return [...new Set(taken)].map((name) => ({
    code: 'BAD_CONFIG',
    file: configFileName,
    fact: `release.archives has several archives called ${name}; a name may have {os}, {arch}, {set} and {command}`,
  }));
}
