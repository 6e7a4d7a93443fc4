import {
  type ArchiveSettings,
  type Platform,
  SHIPPED_NUMBER,
  SHIPPED_VERSION,
  type SetName,
  type ShippedTarball,
  archOf,
  osOf,
} from '@slipway/model';
import type { archiveWords } from '@slipway/catalog';
import type { Shippable } from './artifact.ts';
import { binaryEntries, copiedEntries, wholeTree } from './entries.ts';

const shippedSets = ['server', 'node', 'client'] as const satisfies readonly SetName[];

/** The content of one archive. */
interface Held {
  readonly platform: Platform;
  readonly binaries: readonly string[];
  /** Empty if it contains commands of several sets. */
  readonly set: string;
}

/** The archives that a configuration names. They replace all others. */
export const namedArchives = (shippable: Shippable): ShippedTarball[] =>
  (shippable.settings.archives ?? []).flatMap((archive) =>
    heldBy(archive, shippable).map((held) => archiveOf(archive, held, shippable)),
  );

function heldBy({ per, binaries: wanted }: ArchiveSettings, { sets }: Shippable): Held[] {
  const platforms = [...new Set(shippedSets.flatMap((set) => sets[set].platforms))];
  const namesOn = (set: SetName, platform: Platform): readonly string[] =>
    sets[set].platforms.includes(platform)
      ? sets[set].namesOn(platform).filter((name) => wanted?.includes(name) !== false)
      : [];
  const held = platforms.flatMap((platform): Held[] => {
    const bySet = shippedSets.map((set) => ({ platform, set, binaries: namesOn(set, platform) }));
    if (per === 'set') return bySet;
    const binaries = [...new Set(bySet.flatMap((each) => each.binaries))];
    return per === 'platform'
      ? [{ platform, set: '', binaries }]
      : binaries.map((binary) => ({
          platform,
          set: bySet.find((each) => each.binaries.includes(binary))!.set,
          binaries: [binary],
        }));
  });
  return held.filter(({ binaries }) => binaries.length > 0);
}

function archiveOf(archive: ArchiveSettings, { platform, binaries, set }: Held, shippable: Shippable): ShippedTarball {
  const words: Readonly<Record<(typeof archiveWords)[number], string>> = {
    name: shippable.settings.name,
    version: SHIPPED_VERSION,
    number: SHIPPED_NUMBER,
    os: osOf(platform),
    arch: archOf(platform),
    set,
    command: archive.per === 'command' ? binaries[0]! : '',
  };
  const filled = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_whole, word: string) => words[word as keyof typeof words]);
  const directory = filled(archive.directory);
  return {
    name: `${filled(archive.name)}.${archive.formats[osOf(platform)] ?? archive.format}`,
    entries: wholeTree([
      ...binaryEntries(directory, binaries, platform),
      ...copiedEntries(directory, archive.files, shippable),
    ]),
  };
}
