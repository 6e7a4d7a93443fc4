import { readBinary } from '@slipway/adapters';
import type { BinaryFile, BinarySection, GoBuildInfo, GoModuleVersion } from '@slipway/adapters';
import type { Difference } from './comparison.ts';
import { readFirstDifference } from './first-difference.ts';

/** Why two files differ, whose bytes are equal up to `offset`: first the build settings, then the sections. */
export async function compareBinaries(pathA: string, pathB: string, offset: number): Promise<Difference[]> {
  const [a, b] = await Promise.all([readBinary(pathA), readBinary(pathB)]);
  const differences: Difference[] = [];
  if (a.platform !== b.platform || a.format !== b.format)
    differences.push({ kind: 'platform', a: a.platform ?? a.format, b: b.platform ?? b.format });
  if (a.problem !== undefined) differences.push({ kind: 'damage', side: 'a', fact: a.problem });
  if (b.problem !== undefined) differences.push({ kind: 'damage', side: 'b', fact: b.problem });
  differences.push(...compareBuildInfo(a.goBuildInfo, b.goBuildInfo), ...compareBuildIds(a.goBuildId, b.goBuildId));
  const sections = await compareSections(a, b);
  if (sections.length > 0) return [...differences, ...sections];
  if (a.size !== b.size) differences.push({ kind: 'size', a: a.size, b: b.size });
  return [...differences, { kind: 'bytes', offset }];
}

function compareBuildInfo(a: GoBuildInfo | undefined, b: GoBuildInfo | undefined): Difference[] {
  const differences: Difference[] = [];
  if (a?.goVersion !== b?.goVersion) differences.push({ kind: 'go-version', a: a?.goVersion, b: b?.goVersion });
  // If one is not a Go binary, every setting would be listed as missing.
  if (a === undefined || b === undefined) return differences;
  if (a.path !== b.path) differences.push({ kind: 'main-package', a: a.path, b: b.path });
  for (const [name, ...versions] of joinByName(modulesOf(a), modulesOf(b)))
    differences.push({ kind: 'module', name, a: versions[0], b: versions[1] });
  for (const [name, ...values] of joinByName(a.settings, b.settings))
    differences.push({ kind: 'setting', name, a: values[0], b: values[1] });
  return differences;
}

function modulesOf({ main, modules }: GoBuildInfo): Record<string, string> {
  return Object.fromEntries([...(main ? [main] : []), ...modules].map((module) => [module.path, formatModule(module)]));
}

function formatModule({ version, sum, replace }: GoModuleVersion): string {
  const own = [version, sum].filter((part) => part !== '').join(' ');
  return replace === undefined ? own : `${own} => ${replace.path} ${formatModule(replace)}`;
}

/** The names with different values; Go's order for the first side, then names of the second side only. */
function joinByName(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>) {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => a[name] !== b[name])
    .map((name) => [name, a[name], b[name]] as const);
}

/**
 * Go's build id is `action(link)/action(main)/content(main)/content(binary)`; actions are hashes of all inputs
 * (buildid.go of the go command). It reveals flags that -trimpath removes from the build info.
 */
function compareBuildIds(a: string | undefined, b: string | undefined): Difference[] {
  if (a === undefined || b === undefined || a === b) return [];
  const [linkA, compileA, mainA] = a.split('/');
  const [linkB, compileB, mainB] = b.split('/');
  if (a.split('/').length !== 4 || b.split('/').length !== 4) return [];
  if (linkA === linkB) return [{ kind: 'build-id', a, b, says: 'the same inputs and flags, linked to other bytes' }];
  if (mainA !== mainB)
    return [
      {
        kind: 'build-id',
        a,
        b,
        says: 'the main package was compiled to other bytes (its source, compiler flags, or a package it imports)',
      },
    ];
  const compiled = compileA === compileB ? 'compiled the same' : 'compiled otherwise to the same bytes';
  return [
    {
      kind: 'build-id',
      a,
      b,
      says: `the main package was ${compiled}; linker flags, stamps, the toolchain or other packages differ`,
    },
  ];
}

/** Sections whose content was decoded and compared above, or follows from other sections. */
const toldBefore = new Set([
  '.note.go.buildid',
  '.note.gnu.build-id',
  '.go.buildinfo',
  '.shstrtab',
  '__DATA,__go_buildinfo',
  '__DATA_CONST,__go_buildinfo',
]);

async function compareSections(a: BinaryFile, b: BinaryFile): Promise<Difference[]> {
  const [sectionsA, sectionsB] = [byName(a.sections), byName(b.sections)];
  const differences: Difference[] = [];
  for (const name of new Set([...sectionsA.keys(), ...sectionsB.keys()])) {
    const [inA, inB] = [sectionsA.get(name), sectionsB.get(name)];
    if (inA?.size === inB?.size && inA?.sha256 === inB?.sha256) continue;
    const first =
      inA?.sha256 && inB?.sha256 && !toldBefore.has(name)
        ? await readFirstDifference({ path: a.path, ...inA }, { path: b.path, ...inB })
        : undefined;
    differences.push({ kind: 'section', name, a: inA?.size, b: inB?.size, ...(first && { first }) });
  }
  return differences;
}

/** Names may occur twice (two `.text` in an object file); later ones get a number. */
function byName(sections: readonly BinarySection[]): Map<string, BinarySection> {
  const named = new Map<string, BinarySection>();
  // Thousands may have the same name, so each name keeps its counter.
  const counts = new Map<string, number>();
  for (const section of sections) {
    let count = counts.get(section.name) ?? 1;
    let name = count === 1 ? section.name : `${section.name}#${count}`;
    while (named.has(name)) name = `${section.name}#${(count += 1)}`;
    counts.set(section.name, count + 1);
    named.set(name, section);
  }
  return named;
}
