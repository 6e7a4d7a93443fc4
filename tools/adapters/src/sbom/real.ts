import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputFiles } from '../files/port.ts';
import { cyclonedx, spdx } from './formats.ts';
import { type Licensed, readLicense } from './licenses.ts';
import { hashLibrary } from './standard-library.ts';
import { LIBRARY, type LinkedBinary, ofOthers, readModules, withSums } from './linked.ts';
import type { LinkedModule, SbomToWrite, SbomWriter, SbomedBinary } from './port.ts';

const formats = { spdx, cyclonedx } as const;

/** Reads each binary and each license once for all bills. */
export function realSbomWriter(files: OutputFiles): SbomWriter {
  const linked = new Map<string, Promise<readonly LinkedModule[]>>();
  const licenses = new Map<string, Promise<Licensed>>();
  const libraries = new Map<string, Promise<string | undefined>>();
  const modulesOf = ({ file, sha256 }: Pick<SbomedBinary, 'file' | 'sha256'>): Promise<readonly LinkedModule[]> =>
    remembered(linked, sha256, () => readModules(file));
  const libraryOf = (goroot: string): Promise<string | undefined> =>
    remembered(libraries, goroot, async () => hashLibrary(goroot));
  /**
   * Adds the licenses whose texts are here: of modules in vendor/, of Go, and of the tree for a module without a
   * version.
   */
  const described = async (module: LinkedModule, { vendor, root, goroot }: SbomToWrite): Promise<LinkedModule> => {
    const isLibrary = module.path === LIBRARY;
    const place = isLibrary ? goroot : module.version === '' ? root : vendor && join(vendor, module.path);
    const said = place === undefined ? {} : await remembered(licenses, place, () => readLicense(place));
    return { ...module, ...said, ...(isLibrary ? { sum: (await libraryOf(goroot)) ?? '' } : {}) };
  };
  return {
    async write(to, sbom) {
      const texts = await textsOf(sbom.sums);
      const binaries: LinkedBinary[] = [];
      for (const binary of sbom.binaries) {
        const modules = withSums(await modulesOf(binary), texts);
        binaries.push({ ...binary, modules: await Promise.all(modules.map((each) => described(each, sbom))) });
      }
      const license = await remembered(licenses, sbom.root, () => readLicense(sbom.root));
      const bill = formats[sbom.format]({ ...sbom, binaries, own: license });
      await files.writeFileWhole(to, `${JSON.stringify(bill, undefined, 1)}\n`);
    },
    standardLibrary: libraryOf,
    async modules({ binaries, sums }) {
      const texts = await textsOf(sums);
      const all: LinkedModule[] = [];
      for (const binary of binaries) all.push(...(await modulesOf(binary)));
      return ofOthers(all, texts);
    },
  };
}

const textsOf = (sums: readonly string[]): Promise<string[]> =>
  Promise.all(sums.map((path) => readFile(path, 'utf8').catch(() => '')));

function remembered<T>(memory: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const known = memory.get(key) ?? read();
  memory.set(key, known);
  return known;
}
