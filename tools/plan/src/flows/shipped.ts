import {
  type Failure,
  type PlanNote,
  type Platform,
  SHIPPED_NUMBER,
  SHIPPED_TAG,
  SHIPPED_VERSION,
  type SetName,
  type ShippedTarball,
  type Shipping,
  shippedPaths,
} from '@slipway/model';
import { configFileName } from '@slipway/catalog';
import { type Shippable, inOrder, shippingBySettings } from '../artifacts/index.ts';
import type { Planning } from '../planning.ts';
import { commandsOf, goFlagsOf, setPlatforms } from '../select.ts';
import { searchFlags, takenOn } from '../taken.ts';

interface Shipped {
  readonly shipping: Shipping;
  readonly failures: readonly Failure[];
  readonly notes: readonly PlanNote[];
}

/** The artifacts by the tree's scripts, else by its settings. */
export function shippingOf(planning: Planning): Shipped {
  const { facts } = planning;
  const nothing = { tarballs: [], images: [] };
  if (facts.shipping?.scripted !== undefined) return scripted(facts.shipping.scripted, facts.shipping.leftOut);
  const settings = facts.tree.release;
  if (settings === undefined || facts.shipping === undefined) return { shipping: nothing, failures: [], notes: [] };
  const { files, source } = facts.shipping;
  const failures = shippedPaths(settings)
    .filter((word) => files[word] === undefined)
    .map((word): Failure => ({
      code: 'BAD_CONFIG',
      file: configFileName,
      fact: `release names ${word}, which is not in this tree`,
    }));
  const sets = setsOf(planning);
  const clean = facts.git.clean === true && facts.git.commit !== undefined;
  const { notes, images, tarballs } = shippingBySettings({ settings, sets, files, source, clean });
  return { shipping: { images, tarballs: tarballs.map((each) => versioned(each, planning)) }, failures, notes };
}

/** The scripts' lists, sorted. */
const scripted = ({ tarballs, images }: Shipping, leftOut: readonly PlanNote[]): Shipped => ({
  shipping: {
    tarballs: tarballs.map(({ name, entries }) => ({
      name,
      entries: entries === 'commit' ? entries : inOrder(entries),
    })),
    images,
  },
  failures: [],
  notes: leftOut,
});

function setsOf({ facts, variables }: Planning): Shippable['sets'] {
  const entries = Object.entries(facts.tree.sets).map(([name, set]) => {
    const commands = commandsOf(facts, set.targets);
    const wanted = commands.length === 0 ? [] : setPlatforms(name as SetName, facts, variables);
    const taken = takenOn(wanted, commands, searchFlags(facts, variables, goFlagsOf(variables))).commands;
    const namesOn = (platform: Platform): string[] => (taken.get(platform) ?? []).map((command) => command.name);
    return [name, { namesOn, platforms: wanted.filter((platform) => namesOn(platform).length > 0) }];
  });
  return Object.fromEntries(entries) as Shippable['sets'];
}

/** Names contain the version, too. */
const versioned = ({ name, entries }: ShippedTarball, planning: Planning): ShippedTarball => ({
  name: withVersion(name, planning),
  entries:
    entries === 'commit' ? entries : entries.map((each) => ({ ...each, path: withVersion(each.path, planning) })),
});

/** Image tags cannot contain a `+`. */
export const withVersion = (text: string, { gitVersion }: Planning): string =>
  text
    .replaceAll(SHIPPED_VERSION, gitVersion)
    .replaceAll(SHIPPED_NUMBER, gitVersion.replace(/^v/, ''))
    .replaceAll(SHIPPED_TAG, gitVersion.replace('+', '_'));
