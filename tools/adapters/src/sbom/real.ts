import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputFiles } from '../files/port.ts';
import { cyclonedx, spdx } from './formats.ts';
import { readLicense } from './licenses.ts';
import { type LinkedBinary, ofOthers, readModules } from './linked.ts';
import type { SbomWriter, SbomedBinary, LinkedModule } from './port.ts';

const formats = { spdx, cyclonedx } as const;

/** A binary and a licence are read once, however many bills name them. */
export function realSbomWriter(files: OutputFiles): SbomWriter {
  const linked = new Map<string, Promise<readonly LinkedModule[]>>();
  const licenses = new Map<string, Promise<string | undefined>>();
  const modulesOf = ({ file, sha256 }: Pick<SbomedBinary, 'file' | 'sha256'>): Promise<readonly LinkedModule[]> =>
    remembered(linked, sha256, () => readModules(file));
  const licensed = async (module: LinkedModule, vendor: string): Promise<LinkedModule> => {
    const directory = join(vendor, module.path);
    const license =
      module.version === '' ? undefined : await remembered(licenses, directory, () => readLicense(directory));
    return license === undefined ? module : { ...module, license };
  };
  return {
    async write(to, { format, vendor, ...sbom }) {
      const binaries: LinkedBinary[] = [];
      for (const binary of sbom.binaries) {
        const modules = await modulesOf(binary);
        const known = vendor === undefined ? modules : await Promise.all(modules.map((each) => licensed(each, vendor)));
        binaries.push({ ...binary, modules: known });
      }
      await files.writeFileWhole(to, `${JSON.stringify(formats[format]({ ...sbom, binaries }), undefined, 1)}\n`);
    },
    async modules({ binaries, sums }) {
      const texts = await Promise.all(sums.map((path) => readFile(path, 'utf8').catch(() => '')));
      const all: LinkedModule[] = [];
      for (const binary of binaries) all.push(...(await modulesOf(binary)));
      return ofOthers(all, texts);
    },
  };
}

function remembered<T>(memory: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const known = memory.get(key) ?? read();
  memory.set(key, known);
  return known;
}
